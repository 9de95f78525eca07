// Python, from a wheel in a virtual environment.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holds, sameText } from '../checks.mjs';
import { Project } from '../project.mjs';
import { noTypeScript, objectsIn, sameObjects, samePrinted } from './outcome.mjs';

const MYPY = 'mypy==2.4.1';

/** Prints all that users read: the page on PyPI, and the docstrings. */
const DOCS = `
import inspect
from importlib.metadata import metadata
import cdk8s_istio_mtls
print(metadata("cdk8s-istio-mtls").get_payload())
print(inspect.getsource(cdk8s_istio_mtls))
`;

export async function python(checks, { root, workspace, packages, expected }) {
  const project = new Project(join(workspace, 'python'));
  const packed = await checks.check('Python: the package is packed', () => packages.pack('python'));
  if (!packed) return;
  copyFileSync(join(root, 'examples', 'languages', 'python', 'main.py'), project.path('main.py'));
  // The same versions as in TypeScript: else cdk8s might write other objects.
  project.write('constraints.txt', ['cdk8s', 'constructs', 'cdk8s-plus-28'].map((name) => `${packages.pinned(name, '==')}\n`).join(''));

  const env = { PIP_CONSTRAINT: project.path('constraints.txt') };
  const printed = await checks.check('Python: the package is installed, and the program runs', () => project.run('sh', ['-ec', packages.commands('### Python')[0]], { env }));
  if (printed === undefined) return;
  await checks.check('Python: the program prints the same', () => samePrinted(printed, expected.printed));
  await checks.check('Python: it writes the same objects', () => sameObjects(objectsIn(project.path('dist')), expected.objects));
  await checks.check('Python: README and docstrings show Python', () => {
    const docs = project.run('.venv/bin/python', ['-c', DOCS]);
    holds(docs, '```python\n');
    noTypeScript([docs]);
  });
  await checks.check('Python: mypy --strict finds nothing', () => {
    project.run('.venv/bin/pip', ['install', '--quiet', MYPY], { env });
    project.run('.venv/bin/mypy', ['--strict', 'main.py']);
  });
  await checks.check('Python: an app with two environments has no findings in either', () => {
    copyFileSync(join(root, 'examples', 'languages', 'python', 'environments.py'), project.path('environments.py'));
    sameText(project.run('.venv/bin/python', ['environments.py'], { env: { CDK8S_OUTDIR: 'environments' } }), 'dev: 0 findings\nprod: 0 findings\n');
    const declared = objectsIn(project.path('environments')).filter(({ object }) => object.kind === 'AuthorizationPolicy').map(({ object }) => object.metadata.name);
    sameText(declared.join(), ['web', 'cart', 'orders', 'web', 'cart', 'orders'].map((name) => `${name}-callers`).join());
    project.run('.venv/bin/mypy', ['--strict', 'environments.py']);
  });
  await checks.check('Python: so it does of a reporter, which is told of a synth', () => {
    project.write('reporter.py', packages.commands('### Python', 'python')[0]);
    project.run('.venv/bin/mypy', ['--strict', 'reporter.py']);
    sameText(project.run('.venv/bin/python', ['reporter.py']), '0 connections are decided\n');
  });
  await checks.check('Python: mypy sees a mode that is a string', () => {
    project.write('wrong.py', readFileSync(project.path('main.py'), 'utf8').replace('mode=MtlsMode.STRICT', 'mode="STRICT"'));
    holds(project.run('.venv/bin/mypy', ['--strict', 'wrong.py'], { status: 1 }), '"WorkloadOverride" has incompatible type');
  });
  await checks.check('Python: the command comes along', () => {
    sameText(project.run('.venv/bin/istio-mtls', ['--version']).split(' ')[0].trim(), packages.versions['cdk8s-istio-mtls']);
  });
}
