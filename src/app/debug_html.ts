import { createHash } from 'node:crypto'
import { type Thrown, type ThrownAt, titleOfThrown } from './thrown.ts'

/** What the page of an error shows besides the error. */
export interface DebugPage {
  readonly app: string
  readonly requestId: string
  /** Method and target. */
  readonly request: string
  readonly route: string | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly thrown: Thrown
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c2024;background:#fff}
header,section{padding:1rem 2rem}
header{background:#7d1a2d;color:#fff}
h1{font-size:1.4rem;margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
h2{font-size:1rem;margin:.5rem 0}
pre,code,td{font:13px/1.5 ui-monospace,monospace}
pre{background:#f4f4f6;padding:.6rem;overflow-x:auto;margin:.3rem 0}
pre b{display:inline-block;min-width:100%;background:#ffe3a3;font-weight:inherit}
ol{list-style:none;padding:0;margin:0;overflow-wrap:anywhere}
.dim{color:#8a8f98}
td{padding:.1rem 1rem .1rem 0;vertical-align:top;overflow-wrap:anywhere}
footer{padding:1rem 2rem;color:#5f6570}
@media(prefers-color-scheme:dark){body{background:#17191c;color:#e4e6ea}pre{background:#22252a}pre b{background:#594716}}
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Nothing may run, load, be framed or be sent from the page; only its own style applies. */
export const DEBUG_PAGE_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page of an error, complete in itself, everything in it escaped. */
export function debugHTML(page: DebugPage): string {
  const { thrown } = page
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(titleOfThrown(thrown))}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body>
<header><div>${escape(page.request)}</div><h1>${escape(titleOfThrown(thrown))}</h1></header>
${thrownHTML(thrown)}
${causesOf(thrown).map(causeHTML).join('\n')}
${requestHTML(page)}
<footer>Shown because the app “${escape(page.app)}” runs in debug mode. Never use it in production.</footer>
</body></html>
`
}

function thrownHTML({ frames, sources }: Thrown): string {
  const calls = frames.map(({ text, isOwn }) => {
    return `<li${isOwn ? '' : ' class="dim"'}><code>${escape(text)}</code></li>`
  })
  const stack = calls.length > 0 ? `<h2>Stack</h2><ol>${calls.join('\n')}</ol>` : ''
  return `<section>${sources.map(sourceHTML).join('\n')}${stack}</section>`
}

function sourceHTML({ file, line, excerpt }: ThrownAt): string {
  const lines = excerpt.split('\n').map(escape)
  const marked = lines.map((text) => (text.startsWith('&gt;') ? `<b>${text}</b>` : text))
  return `<h2>${escape(`${file}:${line}`)}</h2><pre>${marked.join('\n')}</pre>`
}

function causesOf({ cause }: Thrown): Thrown[] {
  return cause ? [cause, ...causesOf(cause)] : []
}

function causeHTML(cause: Thrown): string {
  return `<section><h2>Caused by ${escape(titleOfThrown(cause))}</h2></section>${thrownHTML(cause)}`
}

function requestHTML({ request, route, requestId, headers }: DebugPage): string {
  const rows = [['request', request], ['route', route ?? '(none)'], ['id', requestId], ...headers]
  const cells = rows.map(([name = '', value = '']) => {
    return `<tr><td>${escape(name)}</td><td>${escape(value)}</td></tr>`
  })
  return `<section><h2>Request</h2><table>${cells.join('\n')}</table></section>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
