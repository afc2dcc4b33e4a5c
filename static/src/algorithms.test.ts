import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kAlgorithms, mac_is_implicit } from './algorithms';

const mac = 'hmac-sha2-256-etm@openssh.com';
const implicit = (cipher_in: string, cipher_out: string) =>
  kAlgorithms.filter((name) => mac_is_implicit(name, { kex: 'curve25519-sha256', hostkey: 'ssh-ed25519', cipher_in, cipher_out, mac_in: mac, mac_out: mac }));

test('a cipher that authenticates by itself has an implicit MAC', () => {
  for (const cipher of ['chacha20-poly1305@openssh.com', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'AEAD_AES_256_GCM']) {
    assert.deepEqual(implicit(cipher, cipher), ['mac_in', 'mac_out'], cipher);
  }
});
test('any other cipher has the MAC that was agreed on, each way for itself', () => {
  assert.deepEqual(implicit('aes256-ctr', 'aes128-cbc'), []);
  assert.deepEqual(implicit('aes256-ctr', 'aes256-gcm@openssh.com'), ['mac_out']);
  assert.deepEqual(implicit('aes256-gcm@openssh.com', 'aes256-ctr'), ['mac_in']);
});
