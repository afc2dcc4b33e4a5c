import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrawPace, kFloodPictureMs, kFloodUnits } from './draw_pace';
import { FakeClock } from './testing/fake_socket';

function start() {
  const clock = new FakeClock();
  const begun = clock.now();
  const pace = new DrawPace(clock);
  const drawn: number[] = []; // when
  return { clock, begun, drawn, print: (units: number) => {
    pace.took(units);
    pace.ask(() => drawn.push(clock.now() - begun));
  } };
}

test('what little is printed is drawn at once, each time', () => {
  const { clock, drawn, print } = start();
  for (let key = 0; key < 20; key++) {
    print(80);
    clock.pass(5);
  }
  assert.deepEqual(drawn, Array.from({ length: 20 }, (_, key) => key * 5));
});

test('a program that fills its screen sixty times a second is drawn as often', () => {
  const { clock, drawn, print } = start();
  for (let picture = 0; picture < 60; picture++) {
    print(12_000);
    clock.pass(16);
  }
  assert.equal(drawn.length, 60);
});

test('a flood is drawn now and then, and to its end', () => {
  const { clock, drawn, print } = start();
  for (let piece = 0; piece < 1000; piece++) {
    print(16 * 1024);
    clock.pass(1);
  }
  assert.ok(drawn.length <= 1000 / kFloodPictureMs + 5, String(drawn.length)); // it takes 64 Ki to see that it is one
  assert.ok(drawn.length >= 1000 / kFloodPictureMs - 1, String(drawn.length));
  clock.pass(kFloodPictureMs);
  assert.ok((drawn.at(-1) ?? 0) >= 999, String(drawn.at(-1)));
});

test('after a flood the first words are drawn within its span, those after them at once', () => {
  const { clock, begun, drawn, print } = start();
  print(kFloodUnits);
  clock.pass(1);
  print(kFloodUnits);
  clock.pass(kFloodPictureMs);
  drawn.length = 0;
  print(10);
  clock.pass(kFloodPictureMs);
  assert.equal(drawn.length, 1);
  const before = clock.now() - begun;
  print(10);
  print(10);
  assert.deepEqual(drawn.slice(1), [before, before]);
});

test('much output long ago is no flood now', () => {
  const { clock, drawn, print } = start();
  print(kFloodUnits * 2);
  clock.pass(60_000);
  print(10);
  clock.pass(1);
  print(10);
  assert.deepEqual(drawn, [0, 60_000, 60_001]);
});
