import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEHAVIOUR_NAMES, BEHAVIOURS, compatibilityFlags, isChanged, versionNote } from '../../../src/mesh/config/istiod-behaviours';
import { ISTIO_MINOR } from '../../../src/mesh/config/istiods';

const ROOT = join(__dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/istio-versions.md');
const { flags } = JSON.parse(read('imports/istiod-flags.json'));

test('the note on another minor lists the known differences', () => {
  expect(versionNote('1.29')).toMatch(/^This version decides as Istio 1\.31, and istiod is 1\.29: there, where a port of a DestinationRule's subset .*; for a host in several namespaces, a route leads to the first visible namespace in alphabetical order \(docs\/istio-versions\.md\)$/);
  expect(['1.23', '1.20', '0.9'].map((minor) => versionNote(minor).split('; ').length)).toEqual([10, 13, 13]);
  expect(['1.30', '1.30.2', '1.30.3'].map((version) => /if it is below 1\.30\.3, defaultServiceExportTo|defaultServiceExportTo|$/.exec(versionNote(version))![0]))
    .toEqual(['if it is below 1.30.3, defaultServiceExportTo', 'defaultServiceExportTo', '']);
  expect(versionNote('1.32')).toContain('its differences aren\'t known');
});

test('a compatibility version sets the flags that came later', () => {
  expect(compatibilityFlags('1.29')).toEqual({ PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' });
  expect([compatibilityFlags(ISTIO_MINOR), Object.keys(compatibilityFlags('1.20')).length]).toEqual([{}, 4]);
});

test.each([
  [true, 'false', true], [true, '0', true], [true, 'true', false], [true, 'no', false], [true, '', false], [false, 'T', true], [false, 'false', false], ['', 'x', true], ['', '', false],
] as const)('a flag with default %j and value %j changes the behaviour: %s', (usual, value, expected) => {
  expect(isChanged({ flag: 'F', usual, otherwise: '', then: 'told' }, value)).toBe(expected);
});

test('each flag exists in istiod, with the same default', () => {
  const known = BEHAVIOUR_NAMES.flatMap((name) => (BEHAVIOURS[name].flag ? [[BEHAVIOURS[name].flag, String(BEHAVIOURS[name].usual)]] : []));
  expect(known).toEqual(known.map(([flag]) => [flag, flags[flag!]]));
});

describe('the page of versions', () => {
  test('lists exactly the differences of other minors', () => {
    const differing = BEHAVIOUR_NAMES.map((name) => BEHAVIOURS[name]).filter(({ since }) => since);
    for (const { otherwise, flag, since, then, backports = [] } of differing) {
      const [major, minor] = since!.split('.').map(Number);
      const row = page.split('\n').find((line) => line.startsWith(`| ${major}.${minor - 1} | ${otherwise}`));
      expect(row?.split(' | ')[2]).toMatch(new RegExp(`^${then.replace('told', 'irrelevant')}`));
      if (flag) expect(row).toContain(`\`${flag}\``);
      for (const release of backports) expect(row).toContain(`since ${release} `);
    }
    expect(page.slice(0, page.indexOf('### Differences that aren\'t modelled')).match(/^\| 1\.\d+ \|/gm)).toHaveLength(differing.length);
    expect(page).toContain(`**Istio ${ISTIO_MINOR}**`);
    expect(page).toContain(versionNote('1.29'));
  });

  const rows = [...page.slice(page.indexOf('## Flags of istiod')).matchAll(/^\| (`.*`) \| (\w+) \| (.+) \|$/gm)]
    .flatMap(([, names, verdict, why]) => names.split(', ').map((name) => ({ name: name.slice(1, -1), verdict, why })));

  test('has one row for each variable that istiod reads', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(flags).sort());
  });

  test('states how the model treats each variable', () => {
    const verdicts = new Map(BEHAVIOUR_NAMES.map((name) => [BEHAVIOURS[name].flag, BEHAVIOURS[name].then]));
    // It only exempts kinds from PILOT_IGNORE_RESOURCES.
    verdicts.set('PILOT_INCLUDE_RESOURCES', 'undecided');
    expect(rows.filter(({ name, verdict }) => verdict !== (verdicts.get(name)?.replace('told', 'irrelevant') ?? 'irrelevant'))).toEqual([]);
  });
});
