import { Subset } from '../mesh/client/destination-rule';
import { MergedRule } from '../mesh/client/merged-rule';
import { policyForPort, settingsText, TlsSettings } from '../mesh/client/traffic-policy';

/** What a rule says of TLS: its policy and its subsets. */
export type RuleSettings = Pick<MergedRule, 'policy' | 'subsets'>;

/** What of a rule's settings has no effect, since another rule counts. */
export interface LostSettings {
  /** The TLS, for all ports or for one. */
  readonly tls?: { readonly mode: TlsSettings['mode']; readonly port?: number };
  /** The names of subsets that the other rule doesn't have, or has otherwise. */
  readonly subsets: readonly string[];
}

const NOTHING: RuleSettings = Object.freeze({ subsets: [] });

/** What a rule says and the one that counts doesn't. */
export function lostSettings({ policy, subsets }: RuleSettings, counting: RuleSettings = NOTHING): LostSettings {
  const known = settingsOf(counting.subsets);
  const port = policy?.ports.find((entry) => entry.tls && !sameTls(entry.tls, policyForPort(counting.policy, entry.port)?.tls));
  const wide = policy?.tls && !sameTls(policy.tls, counting.policy?.tls) ? { mode: policy.tls.mode } : undefined;
  return {
    tls: wide ?? (port && { mode: port.tls!.mode, port: port.port }),
    subsets: subsets.filter((subset) => known.get(subset.name) !== settingText(subset)).map(({ name }) => name),
  };
}

const SETTINGS = new WeakMap<readonly Subset[], ReadonlyMap<string, string>>();

/** What subsets say, by name; made once for each list, since many rules may be compared with one. */
function settingsOf(subsets: readonly Subset[]): ReadonlyMap<string, string> {
  let settings = SETTINGS.get(subsets);
  if (!settings) SETTINGS.set(subsets, settings = new Map(subsets.map((subset) => [subset.name, settingText(subset)])));
  return settings;
}

function settingText({ labels, policy }: Subset): string {
  return `${JSON.stringify(labels)} ${settingsText(policy)}`;
}

/** `tls SIMPLE for port 443 and subset v1`; undefined if nothing is lost. */
export function lostText({ tls, subsets }: LostSettings): string | undefined {
  const named = subsets.length === 0 ? undefined : `subset${subsets.length === 1 ? '' : 's'} ${subsets.join(', ')}`;
  const mode = tls && `tls ${tls.mode}${tls.port === undefined ? '' : ` for port ${tls.port}`}`;
  return mode && named ? `${mode} and ${named}` : mode ?? named;
}

function sameTls(left: TlsSettings, right: TlsSettings | undefined): boolean {
  return settingsText(left) === settingsText(right);
}
