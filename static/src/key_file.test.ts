import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { examine_key, kMaxKeyBytes, read_key_file } from './key_file';

// Real keys, of every kind ssh-keygen writes.
const folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
function keygen(name: string, ...options: string[]): { key: string; pub: string } {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-f', file, ...options]);
  return { key: readFileSync(file, 'utf8'), pub: readFileSync(`${file}.pub`, 'utf8') };
}

test('keys in the clear', () => {
  assert.equal(examine_key(keygen('ed', '-t', 'ed25519', '-N', '').key), 'ok');
  assert.equal(examine_key(keygen('ec', '-t', 'ecdsa', '-N', '').key), 'ok');
  assert.equal(examine_key(keygen('pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '').key), 'ok');
  assert.equal(examine_key(keygen('p8', '-t', 'ecdsa', '-m', 'PKCS8', '-N', '').key), 'ok');
});

test('encrypted keys ask for their passphrase', () => {
  assert.equal(examine_key(keygen('ed-x', '-t', 'ed25519', '-N', 'secret').key), 'encrypted');
  assert.equal(examine_key(keygen('pem-x', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'secret').key), 'encrypted');
  assert.equal(examine_key(keygen('p8-x', '-t', 'ecdsa', '-m', 'PKCS8', '-N', 'secret').key), 'encrypted');
});

test('the wrong file is named for what it is', () => {
  const { pub } = keygen('half', '-t', 'ed25519', '-N', '');
  assert.equal(examine_key(pub), 'public-half');
  assert.equal(examine_key(`ssh-ed25519-cert-v01@openssh.com AAAA${'A'.repeat(80)} ana`), 'certificate');
  assert.equal(examine_key('PuTTY-User-Key-File-3: ssh-ed25519\n'), 'putty');
  assert.equal(examine_key('hello'), 'not-a-key');
  assert.equal(examine_key('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA'), 'not-a-key');
  assert.equal(examine_key('  \n'), 'empty');
});

test('line ends and blanks around a pasted key do not matter', () => {
  const { key } = keygen('crlf', '-t', 'ed25519', '-N', 'secret');
  assert.equal(examine_key(`\n  ${key.replace(/\n/g, '\r\n')}\n`), 'encrypted');
});

test('a file that is far too large is not read', async () => {
  const file = new Blob(['x'.repeat(kMaxKeyBytes + 1)]);
  file.text = () => Promise.reject(new Error('was read'));
  assert.deepEqual(await read_key_file(file), { text: '', finding: 'too-large' });
});
