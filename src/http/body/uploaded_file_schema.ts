import { z } from 'zod'
import { UploadedFile } from './uploaded_file.ts'

export interface UploadedFileRule {
  maxBytes?: number
  /** Media types that the client may claim: `'image/png'`, or `'image/*'` for all images. */
  types?: readonly string[]
}

/** A schema for an uploaded file. An empty file without a name, which browsers send for no choice, is none. */
export function uploadedFile({ maxBytes, types }: UploadedFileRule = {}): z.ZodType<UploadedFile> {
  return z
    .custom<UploadedFile>(isFile, { error: misfit, abort: true })
    .superRefine((file, context) => {
      if (maxBytes !== undefined && file.sizeBytes > maxBytes) {
        context.addIssue(`Must be less than or equal to ${maxBytes} bytes.`)
      }
      if (types && !types.some((type) => fits(file.type, type))) {
        context.addIssue(`Not an allowed file type. Allowed file types: [${types.join(', ')}]`)
      }
    })
    .meta({ type: 'string', format: 'binary' })
}

/** Where there is none at all, the form's own word for what is missing stands. */
function misfit({ input }: { readonly input?: unknown }): string | undefined {
  return input === undefined ? undefined : 'Not a valid file.'
}

function isFile(value: unknown): boolean {
  return value instanceof UploadedFile && (value.sizeBytes > 0 || value.filename !== '')
}

function fits(type: string, allowed: string): boolean {
  return allowed.endsWith('/*') ? type.startsWith(allowed.slice(0, -1)) : type === allowed
}
