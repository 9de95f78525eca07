import { countsOfTests, ReportedFailure, ReportedTest, TestReport } from './report';
import { statingText } from '../../analysis/conditional';
import { nounOf } from '../../expectations/expectation';
import { witnessOutcome, witnessName } from '../../expectations/wording';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { eachOnce } from '../../mesh/workloads/missing-injection';
import { fileText } from '../findings/configuration-file';
import { textOf, unreadableBlock } from '../findings/text';
import { Colours, counted, Printer } from '../output/printer';

/** The report as text for people, in the order of the file: failures, and with `all` also passes; the total last. */
export function testText(report: TestReport, { all, printer }: { readonly all: boolean; readonly printer: Printer }): string {
  const { colours } = printer;
  const shown = all ? report.tests : report.tests.filter(({ failures }) => failures.length > 0);
  return textOf([
    ...shown.map((test) => testLines(test, report.file, colours)),
    ...report.reading.unreadable.map((problem) => unreadableBlock(problem, printer)),
    sumLines(report, colours),
  ]);
}

function testLines({ title, position, failures, expectation: { demand }, count }: ReportedTest, file: string, colours: Colours): string[] {
  const head = `${colours.bold(printable(title))}  ${colours.cyan(printable(`${file}:${position.line}`))}`;
  if (failures.length === 0) return [`${colours.green('✔')} ${head}  ${counted(count, nounOf(demand))}`];
  return [`${colours.red('✖')} ${head}`, ...failures.flatMap((failure) => failureLines(failure, colours))];
}

function failureLines({ message, witness }: ReportedFailure, colours: Colours): string[] {
  if (!witness) return [`    ${printable(message)}`];
  const { is, because } = witnessOutcome(witness);
  return [
    `    ${printable(message)}`,
    `    e.g. ${printable(witnessName(witness))}`,
    ...because === '' ? [] : [`      ${colours.dim(`is ${is}:`)} ${printable(because)}`],
  ];
}

function sumLines(report: TestReport, colours: Colours): string[] {
  const { reading: { files, documents, facts }, configuration, file } = report;
  const { tests, passed, failed } = countsOfTests(report);
  const missing = eachOnce(report.tests.flatMap(({ failures }) => failures.flatMap((failure) => failure.if ?? [])));
  const withFacts = facts.documents.length > 0 ? `, beside ${counted(facts.documents.length, 'object')} taken as given` : '';
  const results = [...passed > 0 ? [`${numeral(passed)} passed`] : [], ...failed > 0 ? [colours.red(`${numeral(failed)} failed`)] : []];
  return [
    ...configuration === undefined ? [] : [printable(`Configuration: ${fileText(configuration)}`)],
    `Istio ${ISTIO_MINOR}, ${counted(documents.length, 'object')} in ${counted(files, 'file')}${withFacts}.`,
    `${counted(tests, 'test')} in ${printable(file)}: ${results.join(', ')}.`,
    ...missing.length > 0 ? [printable(`To state it: ${statingText(missing)}.`)] : [],
  ];
}
