import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClipboardRules, clipboard_wish, kMostBytes } from './clipboard_wish';
import { FakeStore } from './testing/fake_store';

const coded = (text: string) => Buffer.from(text).toString('base64');

test('a host may wish for text on the clipboard', () => {
  for (const which of ['', 'c', 's', 'pc', 's0']) assert.deepEqual(clipboard_wish(`${which};${coded('你好 👋🏽\n\tb')}`), { text: '你好 👋🏽\n\tb' }, which);
});
test('what the clipboard holds is never asked for, and what is no text never offered', () => {
  for (const data of ['c;?', ';?', 'c;', 'c', '', 'p;aGk=', '0;aGk=', 'c;aGk=;x', 'c;a', 'c;!!!!', 'c;/w==', 'x;aGk=', `${'c'.repeat(17)};aGk=`, 'c; aGk=', `c;${coded('\x1b\x07')}`]) {
    assert.equal(clipboard_wish(data), undefined, data);
  }
});
test('what would be more than text where it is pasted is left out', () => {
  assert.deepEqual(clipboard_wish(`c;${coded('a\x1b[201~\x00\x9b31m\x7f\r\nb')}`), { text: 'a[201~31m\r\nb' });
});
test('there is a limit', () => {
  assert.deepEqual(clipboard_wish(`c;${coded('x'.repeat(kMostBytes))}`), { text: 'x'.repeat(kMostBytes) });
  assert.equal(clipboard_wish(`c;${coded('x'.repeat(kMostBytes + 1))}`), 'too-large');
  assert.equal(clipboard_wish(`c;${'A'.repeat(9_999_996)}`), 'too-large');
});

test('a host is asked for unless the configuration or somebody here has decided', () => {
  const store = new FakeStore();
  const configured = [
    { host: 'a', port: 22, clipboard: 'allow' as const }, { host: 'b', port: 22, clipboard: 'never' as const },
    { host: 'c', port: 22, clipboard: 'allow' as const }, { host: 'c', port: 22, clipboard: 'ask' as const },
  ];
  const rules = new ClipboardRules(configured, store);
  const of = (host: string, port = 22) => rules.rule_for({ host, port });
  assert.deepEqual([of('a'), of('b'), of('c'), of('d'), of('a', 2222)], ['allow', 'never', 'ask', 'ask', 'ask']);
  rules.refuse({ host: 'a', port: 22 }, true);
  rules.refuse({ host: 'd', port: 2222 }, true);
  assert.deepEqual([of('a'), of('d'), of('d', 2222)], ['never', 'ask', 'never']);
  assert.deepEqual([new ClipboardRules([], store).rule_for({ host: 'd', port: 2222 })], ['never'], 'remembered');
  rules.refuse({ host: 'a', port: 22 }, false);
  rules.refuse({ host: 'b', port: 22 }, false);
  assert.deepEqual([of('a'), of('b')], ['allow', 'never']);
  store.setItem('sallyport.clipboard-never', '{"not":"a list"}');
  assert.equal(of('d', 2222), 'ask');
  store.setItem('sallyport.clipboard-never', 'no json');
  assert.equal(of('d', 2222), 'ask');
  assert.equal(new ClipboardRules(configured, undefined).rule_for({ host: 'b', port: 22 }), 'never');
});
