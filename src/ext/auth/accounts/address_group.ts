import { isIPv6 } from 'node:net'

/** The address that attempts are counted by: whoever has an IPv6 address has a network of them, a /64. */
export function addressGroup(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  const [plain = ''] = address.split('%', 1)
  return isIPv6(plain) ? `${networkOf(plain)}::/64` : address.slice(0, 64)
}

/** The first four groups, written in full. */
function networkOf(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('::', 2)
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  // An IPv4 address at the end stands for two groups; it is never among the first four.
  const missing = address.includes('::') ? 8 - before.length - after.length : 0
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
