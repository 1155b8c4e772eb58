import './syn.ts'
