// kubectl and istio-mtls, run as users run them, against an API server of the suite.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goBinary } from '../node/go-binary';
import { type ServerConnection } from '../node/kube-client';

const COMMAND = join(__dirname, '../../bin/istio-mtls');

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

export class Kubectl {
  private readonly env: NodeJS.ProcessEnv;

  /** @param folder where the kubeconfig is written */
  constructor({ url, token, ca }: ServerConnection, private readonly folder: string) {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'suite', cluster: { 'server': url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
      'users': [{ name: 'suite', user: { token } }],
      'contexts': [{ name: 'suite', context: { cluster: 'suite', user: 'suite' } }],
      'current-context': 'suite',
    }), { mode: 0o600 });
    this.env = { PATH: `${dirname(goBinary('kubectl'))}:${process.env.PATH}`, HOME: folder, KUBECONFIG: kubeconfig };
  }

  /** Applies or deletes what a file holds, and says of which objects. */
  run(verb: 'apply' | 'delete', file: string): Ran & { readonly objects: readonly string[] } {
    const ran = this.spawned('kubectl', [verb, ...verb === 'apply' ? ['--validate=strict'] : ['--wait=true'], '--output=name', '--filename', file]);
    return { ...ran, objects: ran.out.split('\n').filter((line) => line !== '') };
  }

  /** The command, with this kubectl on its PATH. */
  istioMtls(args: readonly string[], input = ''): Ran {
    return this.spawned(process.execPath, [COMMAND, ...args], input);
  }

  private spawned(command: string, args: readonly string[], input?: string): Ran {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: this.folder, env: this.env, encoding: 'utf8', input, maxBuffer: Infinity });
    if (error) throw error;
    return { status, out: stdout, error: stderr };
  }
}
