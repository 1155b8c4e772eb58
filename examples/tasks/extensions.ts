import { database } from 'dewar/db'
import { Task } from './models.ts'

export const db = database([Task])
