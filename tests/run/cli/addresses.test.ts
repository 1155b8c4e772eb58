import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { test } from 'node:test'
import { addresses } from '../../../src/run/cli/startup_lines.ts'

const of = (family: 'IPv4' | 'IPv6', address: string, internal = false): NetworkInterfaceInfo =>
  ({ family, address, internal }) as NetworkInterfaceInfo

const INTERFACES = {
  eth0: [of('IPv4', '192.168.1.4'), of('IPv6', 'fe80::1'), of('IPv6', '2001:db8::1')],
  lo: [of('IPv4', '127.0.0.1', true), of('IPv6', '::1', true)],
}

test('one host is one address', () => {
  assert.deepEqual(addresses('127.0.0.1', 5000, INTERFACES), ['http://127.0.0.1:5000'])
  assert.deepEqual(addresses('::1', 5000, INTERFACES), ['http://[::1]:5000'])
  assert.deepEqual(addresses('localhost', 80, INTERFACES), ['http://localhost:80'])
})

test('every network is every address that can be opened, the own machine first', () => {
  assert.deepEqual(addresses('0.0.0.0', 5000, INTERFACES), [
    'http://127.0.0.1:5000',
    'http://192.168.1.4:5000',
  ])
  assert.deepEqual(addresses('::', 5000, INTERFACES), [
    'http://127.0.0.1:5000',
    'http://[::1]:5000',
    'http://192.168.1.4:5000',
    'http://[2001:db8::1]:5000',
  ])
})
