import { Branch } from '../../../src/mesh/worlds/branches';
import { branchesText } from '../../../src/mesh/worlds/branches-text';

const branch = (outcome: Branch['outcome'], ...conditions: Branch['conditions']): Branch => ({ outcome, conditions });
const shop = (holds: boolean) => ({ fact: 'namespace', name: 'shop', holds }) as const;
const canary = (holds: boolean) => ({ fact: 'revision', name: 'canary', holds }) as const;

test.each<[string, readonly Branch[]]>([
  ['mtls if shop has sidecars, else plaintext', [branch('mtls', shop(true)), branch('plaintext', shop(false))]],
  ['broken if revision canary is installed, else not called', [branch('broken', canary(true)), branch('absent', canary(false))]],
  ['mtls if shop has sidecars and revision canary is installed, plaintext if shop has sidecars and revision canary isn\'t installed, broken if shop has none and revision canary is installed, else undecided', [
    branch('mtls', shop(true), canary(true)), branch('plaintext', shop(true), canary(false)), branch('broken', shop(false), canary(true)), branch('undecided', shop(false), canary(false)),
  ]],
])('the outcomes under conditions are printed as: %s', (text, branches) => {
  expect(branchesText(branches)).toBe(text);
});
