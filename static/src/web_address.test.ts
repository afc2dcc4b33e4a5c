// What a click on a link of the terminal asks about, and opens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { web_address } from './web_address';

test('an address is shown as the browser takes it', () => {
  assert.equal(web_address('https://ssh.corp.example/a?b=c#d'), 'https://ssh.corp.example/a?b=c#d');
  assert.equal(web_address('HTTP://Corp.Example:80'), 'http://corp.example/');
  assert.equal(web_address('https://0x7f.1/'), 'https://127.0.0.1/');
});
test('one name does not look like another', () => {
  assert.equal(web_address('https://b\u0430nk.example/'), 'https://xn--bnk-6cd.example/'); // a Cyrillic letter
  assert.equal(web_address('https://evil.example/\u202egnp.exe'), 'https://evil.example/%E2%80%AEgnp.exe');
});
test('nothing but http and https is a link', () => {
  for (const text of ['javascript:alert(1)', ' \tjava\nscript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'blob:https://a/b', '//a', '', 'a b']) {
    assert.equal(web_address(text), undefined, text);
  }
});
