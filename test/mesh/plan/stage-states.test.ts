import { ChangeUnit } from '../../../src/mesh/plan/change-unit';
import { Transitions, Versions } from '../../../src/mesh/plan/stage-states';

const unit = (goal: number, pods?: object) => ({ goal, versions: [{ pods }, { pods }, { pods }] }) as unknown as ChangeUnit;
/** Two equal units, one in the opposite direction, one of another colour, and one whose pods are replaced. */
const UNITS = [unit(1), unit(1), unit(0), unit(1), unit(1, {})];
const COLOURS = [0, 0, 0, 1, 0];

test.each<[string, number, Versions, boolean]>([
  ['goes through the same states', 1, [1, 1, 1, 1, 1], true],
  ['has another final version', 2, [1, 1, 1, 1, 1], false],
  ['changes together with others', 3, [1, 1, 1, 1, 1], false],
  ['has pods of both versions in between', 4, [1, 1, 1, 1, 1], false],
  ['goes to another version', 1, [1, 2, 1, 1, 1], false],
])('two units share a number only if they go through the same states: the other %s', (_, other, to, isSame) => {
  const transitions = new Transitions(UNITS, COLOURS);
  const from = UNITS.map(() => 0);
  expect(transitions.numberOf([0], from, to) === transitions.numberOf([other], from, to)).toBe(isSame);
});

test.each<[string, Versions, Versions, boolean]>([
  ['as before', [0], [1], true], ['from another version', [1], [1], false], ['to another version', [0], [2], false],
])('a list of units keeps its number only for the same transitions: %s', (_, from, to, isKnown) => {
  const transitions = new Transitions([unit(1)], [0]);
  const some = [0];
  expect(transitions.numberOf(some, [0], [1]) === transitions.numberOf(some, from, to)).toBe(isKnown);
});
