// No false refusals: every manifest that Istio ships under samples/ and pkg/test/datasets/validation/dataset must be
// admitted. No noise: check says of the samples what docs/noise.md has and argues, and nothing else, and prints of Bookinfo what the
// page shows. Every call of theirs is explained as what it comes to. Adopted as programs of constructs, they are written as they are.
// They are read from the Go module cache, never copied. Needs Go, and a compiled lib/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { istioModule, manifestsUnder, SAMPLE_FOLDERS } from './generators/objects/samples';
import { libraryModule } from './library';
import { main } from './node/main';
import { adoptedIn } from './noise/adopted';
import { explainedIn } from './noise/explained';
import { noiseIn } from './noise/noise';
import { differingText } from './noise/printed';

void main(() => {
  const { admit } = libraryModule('admission/admission');
  const { findingMessage } = libraryModule('findings/finding');
  const { readManifests } = libraryModule('manifests/manifests');
  const { Dir, Version } = istioModule();
  const counts = { admitted: 0, refused: 0, unrendered: 0 };
  for (const file of SAMPLE_FOLDERS.flatMap((folder) => manifestsUnder(join(Dir, folder)))) {
    const { documents, problems } = readManifests(readFileSync(file, 'utf8'), file.slice(Dir.length + 1));
    counts.unrendered += problems.length;
    for (const { object, file: name } of documents) {
      if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') continue; // a chart's values
      const errors = admit(object).filter(({ severity }) => severity === 'error');
      counts[errors.length > 0 ? 'refused' : 'admitted'] += 1;
      for (const error of errors) console.log(`refused: ${findingMessage(object, error, name)}`);
    }
  }
  console.log(`Istio ${Version}: ${counts.admitted} sample objects admitted, ${counts.refused} refused, ${counts.unrendered} documents are templates or no manifests.`);
  const differing = noiseIn(Dir);
  console.log(differing === 0 ? 'Of the samples check says what docs/noise.md has.' : `${differing} rows of docs/noise.md differ.`);
  const expectedText = differingText(Dir);
  console.log(expectedText === undefined ? 'Of Bookinfo check prints what docs/noise.md has.' : `docs/noise.md: expected this text\n${expectedText}`);
  const { calls, connections, faults } = explainedIn(Dir);
  for (const fault of faults) console.log(`explained otherwise than decided: ${fault}`);
  console.log(`${calls} calls of clients in the samples were explained, ${connections} connections, ${faults.length} otherwise than they are decided.`);
  const files = SAMPLE_FOLDERS.flatMap((folder) => manifestsUnder(join(Dir, folder)));
  const adopted = adoptedIn(files.map((file) => [file.slice(Dir.length + 1), readFileSync(file, 'utf8')]));
  const { objects, byConstructs, leftOut, faults: otherwise } = adopted;
  for (const fault of otherwise) console.log(`adopted otherwise than it is: ${fault}`);
  const outcome = `${byConstructs} by constructs, ${leftOut} left out; ${otherwise.length} files otherwise than they are`;
  console.log(`${objects} objects were adopted, ${outcome}.`);
  const isDifferent = counts.refused > 0 || differing > 0 || expectedText !== undefined || faults.length > 0 || otherwise.length > 0;
  return isDifferent || counts.admitted === 0 || calls === 0 || byConstructs === 0 ? 1 : 0;
});
