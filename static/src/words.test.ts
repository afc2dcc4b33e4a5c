// Addresses, titles, languages and failures: what turns text into other text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { host_port, parse_address, parse_port, show_place } from './address';
import { explain, field_at_fault } from './failures';
import type { Failure } from './frames';
import { fill, pick_language } from './language';
import { en } from './strings/en';
import { failures_zh } from './strings/failures_zh';
import { zh } from './strings/zh';
import { plain_line } from './plain_text';
import { page_title } from './title';

const addresses: [string, object][] = [
  ['db-3', { host: 'db-3' }],
  [' db-3.corp:2222 ', { host: 'db-3.corp', port: 2222 }],
  ['ana@db-3', { host: 'db-3', username: 'ana' }],
  ['ana@corp@db-3:22', { host: 'db-3', port: 22, username: 'ana@corp' }],
  ['ssh://ana@db-3:22/', { host: 'db-3', port: 22, username: 'ana' }],
  ['ssh -p 2222 ana@db-3', { host: 'db-3', port: 2222, username: 'ana' }],
  ['ssh ana@db-3 -p 2222', { host: 'db-3', port: 2222, username: 'ana' }],
  ['::1', { host: '::1' }],
  ['[::1]:2222', { host: '::1', port: 2222 }],
  ['[fe80::1]', { host: 'fe80::1' }],
  ['db-3:99999', { host: 'db-3:99999' }],
];
for (const [typed, expected] of addresses) {
  test(`typed address ${typed}`, () => assert.deepEqual(parse_address(typed), expected));
}
test('ports', () => {
  assert.deepEqual(['0', '1', '65535', '65536', '22x', '', '-1', '1e3'].map(parse_port),
    [undefined, 1, 65535, undefined, undefined, undefined, undefined, undefined]);
});
test('places as people write them', () => {
  assert.equal(show_place({ host: '::1', port: 2222, username: 'ana' }), 'ana@[::1]:2222');
  assert.equal(host_port('db-3', 22), 'db-3');
});

test('a title is one short line of plain text', () => {
  assert.equal(page_title('ana@db-3'), 'ana@db-3 — Sallyport');
  assert.equal(page_title('ana@db-3', 'vim notes'), 'ana@db-3 — Sallyport · vim notes');
  assert.equal(plain_line('a\x00b\n\x1b]c\u202egnp.exe', 80), 'a b ]c gnp.exe');
  assert.equal(Array.from(plain_line('😀'.repeat(500), 80)).length, 80);
});

test('the language is the chosen one, then the browser\'s, then English', () => {
  assert.equal(pick_language('zh', ['en']), 'zh');
  assert.equal(pick_language(null, ['zh-TW', 'en']), 'zh');
  assert.equal(pick_language(null, ['de', 'en-GB', 'zh']), 'en');
  assert.equal(pick_language('klingon', ['fr']), 'en');
});
test('a parameter is filled in as text and never twice', () => {
  assert.equal(fill('{a} and {b}', { a: '{b}', b: '$&' }), '{b} and $&');
  assert.equal(fill('{constructor}', {}), '{constructor}');
});

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
test('both languages name the same things', () => {
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.deepEqual(placeholders(zh[key]), placeholders(en[key]), key);
    assert.notEqual(zh[key].trim(), '', key);
  }
});

const refused: Failure = {
  type: 'error', code: 'refused', stage: 'connect', message: 'db-3:22 refused the connection.',
  hint: 'Is the SSH server running there?', params: { host: 'db-3', port: '22' },
};
test('a failure is said in English by the server, in Chinese by its code', () => {
  assert.deepEqual(explain(refused, 'en'), { message: refused.message, hint: refused.hint });
  assert.equal(explain(refused, 'zh').message, 'db-3:22 拒绝了连接。');
  assert.equal(explain({ ...refused, params: { host: '::1', port: '22' } }, 'zh').message, '[::1]:22 拒绝了连接。');
});
test('what the table does not know, or cannot fill, stays in English', () => {
  assert.equal(explain({ ...refused, code: 'brand-new' }, 'zh').message, refused.message);
  assert.equal(explain({ ...refused, code: 'constructor' }, 'zh').message, refused.message);
  assert.equal(explain({ ...refused, params: { host: 'db-3' } }, 'zh').message, refused.message);
});
test('a refused credential is named by its kind', () => {
  const failure: Failure = {
    type: 'error', code: 'not-accepted', message: 'm', hint: 'h',
    params: { host: 'db-3', username: 'ana', credential: 'password', methods: 'publickey' },
  };
  assert.deepEqual(explain(failure, 'zh'), { message: 'db-3 不接受 ana 的这个密码。', hint: '它接受：publickey。' });
  assert.equal(explain({ ...failure, params: { ...failure.params, methods: '' } }, 'zh').hint, '也请检查用户名。');
  for (const kind of ['password', 'key', 'certificate', 'answers']) assert.ok(failures_zh[`not-accepted.${kind}`]);
});
test('the cursor goes to what is wrong', () => {
  const at = (code: string, method: Parameters<typeof field_at_fault>[1]) => field_at_fault({ ...refused, code }, method);
  assert.equal(at('not-found', 'password'), 'host');
  assert.equal(at('not-ssh', 'password'), 'port');
  assert.equal(at('not-accepted', 'password'), 'password');
  assert.equal(at('not-accepted', 'publickey'), 'key');
  assert.equal(at('not-accepted', 'interactive'), 'username');
  assert.equal(at('passphrase-wrong', 'publickey'), 'passphrase');
  assert.equal(at('gateway-stopping', 'password'), undefined);
});
