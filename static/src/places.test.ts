import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Places, type PlaceStore, type RememberedPlace } from './places';
import { read_boot } from './boot';

function store(content: Record<string, string> = {}): PlaceStore & { content: Record<string, string> } {
  return {
    content,
    getItem: (key) => content[key] ?? null,
    setItem: (key, value) => void (content[key] = value),
  };
}
const place = (host: string): RememberedPlace => ({ host, port: 22, username: 'ana', method: 'password' });

test('the last place comes first, once', () => {
  const places = new Places(store());
  for (const host of ['a', 'b', 'a']) places.remember(place(host));
  assert.deepEqual(places.all().map(({ host }) => host), ['a', 'b']);
});

test('a secret that came along is not kept', () => {
  const kept = store();
  const marked = { ...place('a'), password: 'marker-secret', auth: { method: 'password', password: 'marker-secret' } };
  new Places(kept).remember(marked);
  assert.ok(!JSON.stringify(kept.content).includes('marker-secret'));
  assert.deepEqual(new Places(kept).all(), [place('a')]);
});

test('eight are kept, and one can be forgotten', () => {
  const places = new Places(store());
  for (let n = 0; n < 20; n++) places.remember(place(`h${n}`));
  assert.equal(places.all().length, 8);
  places.forget(place('h19'));
  assert.equal(places.all()[0]?.host, 'h18');
});

test('what somebody else wrote there does no harm', () => {
  for (const text of ['not json', '{}', '[1,null,{"host":7}]', '[{"host":"a","port":22,"username":"x","method":"magic"}]']) {
    assert.deepEqual(new Places(store({ 'sallyport.places': text })).all(), []);
  }
});

test('without storage the page remembers nothing and works', () => {
  const places = new Places(undefined);
  places.remember(place('a'));
  assert.deepEqual(places.all(), []);
  const full = new Places({ getItem: () => null, setItem: () => { throw new Error('full'); } });
  full.remember(place('a'));
});

test('the boot text is read, and a broken one is an empty one', () => {
  assert.deepEqual(read_boot('{"version":"0.1.0","presets":[{"name":"demo","host":"h","port":2222,"username":"ana","identity":true,"clipboard":"allow"},{"name":"x","clipboard":"all"},{"x":1}]}'),
    { version: '0.1.0', presets: [{ name: 'demo', host: 'h', port: 2222, username: 'ana', identity: true, clipboard: 'allow' },
      { name: 'x', host: '', port: 22, username: '', identity: false, clipboard: 'ask' }] });
  for (const text of ['', 'null', '{{boot}}']) assert.deepEqual(read_boot(text), { version: '', presets: [] });
});
