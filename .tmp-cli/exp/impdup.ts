import './dup.ts'
