import { Progress } from '../../../src/cli/output/terminal';

function progress(isTTY: boolean) {
  const clock = { now: 1000 };
  const written: string[] = [];
  return { clock, written, it: new Progress({ isTTY, write: (text) => written.push(text) }, () => clock.now) };
}

test('progress appears on a terminal after a delay, at most ten times a second, and is erased', () => {
  const { clock, written, it } = progress(true);
  for (const [now, text] of [[1400, 'early'], [1500, 'one'], [1550, 'soon'], [1600, 'two']] as const) {
    clock.now = now;
    it.show(() => text);
  }
  expect(written).toEqual(['\r\u001b[Kone', '\r\u001b[Ktwo']);
  it.clear();
  it.clear();
  expect(written.slice(2)).toEqual(['\r\u001b[K']);
});

test('progress isn\'t printed without a terminal', () => {
  const { clock, written, it } = progress(false);
  clock.now = 5000;
  it.show(() => 'text');
  it.clear();
  expect(written).toEqual([]);
});
