// What a click on a link of the terminal asks about, and opens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kMostAddress, web_address } from './web_address';

const href = (text: string) => web_address(text)?.href;

test('an address is shown as the browser takes it', () => {
  assert.equal(href('https://ssh.corp.example/a?b=c#d'), 'https://ssh.corp.example/a?b=c#d');
  assert.equal(href('HTTP://Corp.Example:80'), 'http://corp.example/');
  assert.equal(href('https://0x7f.1/'), 'https://127.0.0.1/');
});
test('one name does not look like another', () => {
  assert.equal(href('https://b\u0430nk.example/'), 'https://xn--bnk-6cd.example/'); // a Cyrillic letter
  assert.equal(href('https://evil.example/\u202egnp.exe'), 'https://evil.example/%E2%80%AEgnp.exe');
});
test('nothing but http and https is a link', () => {
  const texts = [
    'javascript:alert(1)', ' \tjava\nscript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'blob:https://a/b', '//a', '', 'a b', 'vbscript:x', 'mailto:a@b',
    'ssh://a', 'chrome://settings', 'about:blank', 'view-source:https://a/', 'ftp://a/', 'intent://a#Intent;end', `https://a/${'x'.repeat(kMostAddress)}`,
  ];
  for (const text of texts) assert.equal(web_address(text), undefined, text);
});
test('the host is set off, whatever stands around it, and its tricks are named', () => {
  const parts = (text: string) => {
    const { before, host, after, warnings, href } = web_address(text) ?? assert.fail(text);
    assert.equal(before + host + after, href);
    return [before, host, after, ...warnings];
  };
  assert.deepEqual(parts('https://db-3.corp:8443/https://bank.example/'), ['https://', 'db-3.corp:8443', '/https://bank.example/']);
  assert.deepEqual(parts('https://bank.example@evil.example/'), ['https://bank.example@', 'evil.example', '/', 'link_userinfo']);
  assert.deepEqual(parts('https://evil.example:evil.example@evil.example/evil.example'), ['https://evil.example:evil.example@', 'evil.example', '/evil.example', 'link_userinfo']);
  assert.deepEqual(parts('https://a%40b:@h/@'), ['https://a%40b@', 'h', '/@', 'link_userinfo']);
  assert.deepEqual(parts('http://www.b\u0430nk.example/'), ['http://', 'www.xn--bnk-6cd.example', '/', 'link_script']);
  assert.deepEqual(parts('http://[::1]:80/'), ['http://', '[::1]', '/']);
});
