import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to an action that its rules and provider don't fit. */
export function judgeAction(at: Objections, spec: any): void {
  const action = spec.action ?? 'ALLOW';
  if (['CUSTOM', 'DENY'].includes(action) && !spec.rules?.length) {
    at.at('rules').error({
      code: 'ADMIT458',
      actual: spec.rules ? 'empty' : 'missing',
      expected: `at least one rule with action ${action}`,
      because: `a ${action} policy without rules never applies to a request`,
      fix: 'write \'rules: [{}]\' to apply it to every request, or remove the policy',
    });
  } else if (action === 'CUSTOM' && !spec.provider?.name) {
    at.at('provider', 'name').error({
      code: 'ADMIT459',
      actual: spec.provider?.name === '' ? 'empty' : 'missing',
      expected: 'the name of an extension provider with action CUSTOM',
      because: 'the provider decides about the request',
      fix: 'name one of meshConfig.extensionProviders',
    });
  }
  if (spec.provider && action !== 'CUSTOM') {
    at.at('provider').error({
      code: 'ADMIT459',
      actual: `set with action ${shown(action)}`,
      expected: 'a provider with action CUSTOM only',
      because: 'Istio itself decides about every other action',
      fix: 'write \'action: CUSTOM\' or remove the provider',
    });
  }
}
