// Faults that the self-test of the conformance suite makes. That each changes what the library says, and that the suite notices, is
// seen by `node conformance self-test`; that each replaces something that is there, is seen here.
import type { Fault, LoadModule } from '../../conformance/self-test/fault';
import { ADMISSION_FAULTS } from '../../conformance/self-test/faults/admission';
import { BRANCH_FAULTS } from '../../conformance/self-test/faults/branches';
import { CERTIFICATE_FAULTS } from '../../conformance/self-test/faults/certificates';
import { DATA_PLANE_FAULTS } from '../../conformance/self-test/faults/data-plane';
import { EXPLAINING_FAULTS } from '../../conformance/self-test/faults/explaining';
import { MODEL_FAULTS } from '../../conformance/self-test/faults/model';
import { PLANNING_FAULTS } from '../../conformance/self-test/faults/planning';
import { READING_FAULTS } from '../../conformance/self-test/faults/reading';
import { ROTATION_FAULTS } from '../../conformance/self-test/faults/rotation';

const FAULTS = [
  ...MODEL_FAULTS, ...DATA_PLANE_FAULTS, ...EXPLAINING_FAULTS, ...PLANNING_FAULTS, ...ROTATION_FAULTS, ...READING_FAULTS, ...ADMISSION_FAULTS,
  ...CERTIFICATE_FAULTS, ...BRANCH_FAULTS,
];

/** The members of a module's exports, and of the classes and values among them, by path. */
function membersOf(module: Readonly<Record<string, any>>): ReadonlyMap<string, unknown> {
  const own = (prefix: string, value: any) => Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([, one]) => 'value' in one).map(([name, one]) => [prefix + name, one.value] as const);
  const isOpen = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return new Map(own('', module).flatMap(([name, value]) => [
    [name, value] as const,
    ...typeof value === 'function' && value.prototype ? own(`${name}.prototype.`, value.prototype) : [],
    ...isOpen(value) ? own(`${name}.`, value) : [],
  ]));
}

/** The paths that a fault replaces, and those that it only adds. */
function replacedBy(fault: Fault): { readonly replaced: readonly string[]; readonly added: readonly string[] } {
  const [replaced, added]: [string[], string[]] = [[], []];
  jest.isolateModules(() => {
    const loaded = new Map<string, { module: any; before: ReadonlyMap<string, unknown> }>();
    const load: LoadModule = (path) => {
      const module = { ...jest.requireActual(`../../src/${path}`) };
      if (!loaded.has(path)) loaded.set(path, { module, before: membersOf(module) });
      return loaded.get(path)!.module;
    };
    fault.make(load);
    for (const { module, before } of loaded.values()) {
      for (const [name, value] of membersOf(module)) {
        if (!before.has(name)) added.push(name);
        else if (before.get(name) !== value) replaced.push(name);
      }
    }
  });
  return { replaced, added };
}

test.each(FAULTS)('$name: replaces only existing members', (fault) => {
  const { replaced, added } = replacedBy(fault);
  expect(replaced).not.toEqual([]);
  expect(added).toEqual([]);
});

test('no two faults have one name', () => {
  const names = FAULTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
