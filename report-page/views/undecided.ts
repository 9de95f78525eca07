import type { WorldsData } from '../../src/report/data';
import type { Section } from '../context';
import { element, stepwise, table } from '../dom';
import { counted, numeral } from '../words';

export const undecided: Section = {
  id: 'undecided',
  title: 'Undecided',
  about: 'Connections whose outcome is unknown from these manifests, the reasons, and what would decide them.',
  reads: [],
  draw: ({ data: { undecided: { reasons, facts, together }, outcomes, worlds } }) => {
    if (outcomes.undecided === 0) return [element('p', {}, 'All connections are decided.')];
    return [
      element('p', {}, element('a', { href: '#calls?outcome=undecided' }, `${counted(outcomes.undecided, 'undecided connection')}`), dependingText(worlds)),
      table('Why connections are undecided', ['Reason', 'Meaning', 'Connections'], reasons.map(([reason, count, meaning]) => [element('code', {}, reason), meaning, numeral(count)])),
      ...facts.length > 0 ? [
        element('h3', {}, 'What would decide them'),
        stepwise(facts, 'fact', (shown) => table('What would decide them', ['Missing fact', 'Connections', 'Options', 'Decides'], shown.map(({ text, connections, options, decides }) => [
          `${numeral(connections)} ${text}`, numeral(connections), options === undefined ? '–' : element('code', {}, options), decides === undefined ? '–' : numeral(decides),
        ]))),
      ] : [],
      ...together ? [element('p', {}, element('code', {}, together.options), ` decide ${counted(together.decides, 'connection')} together.`)] : [],
    ];
  },
};

/** How many of them are decided in each case. */
function dependingText(worlds: WorldsData | undefined): string {
  if (!worlds?.conditional) return '';
  return `, of which ${numeral(worlds.conditional)} ${worlds.conditional === 1 ? 'depends' : 'depend'} on ${worlds.whether}`;
}
