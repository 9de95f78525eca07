import { Construct, IConstruct } from 'constructs';
import { ACKNOWLEDGE_PREFIX, isCalendarDate } from '../../findings/acknowledgement';
import { shown } from '../../findings/safe-text';
import { MtlsRule } from '../../integration/mtls-rule';
import { apiObjectOf } from '../api-object';
import { Refuse, refusing } from '../refuse';

const RULES: readonly string[] = Object.values(MtlsRule);

/** Properties of Acknowledgement. */
export interface AcknowledgementProps {
  /** The rule that reports the finding, or the warning of a declared call. */
  readonly code: MtlsRule;

  /** Why the finding is accepted. Not empty. */
  readonly reason: string;

  /**
   * Who is responsible for it: a team or a person.
   *
   * @default - no owner
   */
  readonly owner?: string;

  /**
   * The last day on which it applies, in UTC, such as `2027-03-31`. After that day the finding is reported again, and MTLS902
   * names the owner.
   *
   * @default - it doesn't expire
   */
  readonly expires?: string;
}

/**
 * Acknowledges a finding of the analysis, with a reason, so that it doesn't fail synth.
 *
 * Emits no objects. Adds annotation `acknowledge.istio-mtls/<code>` to the object, and one each for the owner and the last day
 * (`.owner`, `.expires`), so that readers of the YAML and `istio-mtls check` see it too. The finding is listed as acknowledged. An
 * acknowledgement without a matching finding is reported. For a warning of a declared call (API857 to API860), pass the workload: a
 * synth then doesn't warn of it.
 *
 * @example
 *
 * import { ApiObject, App, Chart } from 'cdk8s';
 * import { Acknowledgement, MtlsAnalysis, MtlsRule, StrictMeshMtls } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * new StrictMeshMtls(new Chart(app, 'platform'), 'mtls');
 *
 * const shop = new Chart(app, 'shop', { namespace: 'shop' });
 * new ApiObject(shop, 'namespace', {
 *   apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
 * });
 * new ApiObject(shop, 'web', {
 *   apiVersion: 'apps/v1',
 *   kind: 'Deployment',
 *   spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web' }] } } },
 * });
 * const collector = new ApiObject(shop, 'collector', {
 *   apiVersion: 'apps/v1',
 *   kind: 'Deployment',
 *   spec: {
 *     template: {
 *       metadata: { labels: { 'app': 'collector', 'sidecar.istio.io/inject': 'false' } },
 *       spec: { containers: [{ name: 'collector', ports: [{ containerPort: 4317 }] }] },
 *     },
 *   },
 * });
 * new Acknowledgement(collector, 'no-sidecar', {
 *   code: MtlsRule.MTLS401, reason: 'it takes traces of proxies, in plaintext', owner: 'tracing-team', expires: '2099-12-31',
 * });
 * MtlsAnalysis.attach(app);
 */
export class Acknowledgement extends Construct {
  /**
   * @param scope the object with the finding: a construct of this library or of cdk8s-plus, or an ApiObject
   * @param id of the construct
   * @param props the finding, and why it is accepted
   * @throws if the scope emits no object, if no rule of the analysis has the code, if the reason is empty, or if the last day isn't a date
   */
  public constructor(scope: IConstruct, id: string, props: AcknowledgementProps) {
    super(scope as Construct, id);
    const { code, reason, owner, expires } = props;
    const refuse = refusing('Acknowledgement', this.node.path);
    const object = apiObjectOf(scope);
    if (!object) {
      throw refuse({
        code: 'API078',
        field: 'scope',
        actual: scope.node.path || 'the app',
        expected: 'a construct that emits an object',
        because: "the object's annotation carries the acknowledgement",
        fix: 'create it in the scope of the object with the finding',
      });
    }
    checkAcknowledgement(props, refuse);
    object.metadata.addAnnotation(ACKNOWLEDGE_PREFIX + code, reason);
    for (const [name, text] of Object.entries({ owner, expires })) {
      if (text !== undefined) object.metadata.addAnnotation(`${ACKNOWLEDGE_PREFIX}${code}.${name}`, text);
    }
  }
}

/** Rejects what `istio-mtls check` would report as an acknowledgement that is wrong by itself. */
function checkAcknowledgement({ code, reason, expires }: AcknowledgementProps, refuse: Refuse): void {
  if (!RULES.includes(code)) {
    const meant = RULES.find((rule) => rule === String(code).toUpperCase());
    throw refuse({
      code: 'API079',
      field: 'code',
      actual: shown(code),
      expected: 'a rule of the analysis, such as MtlsRule.MTLS103',
      fix: meant ? `write ${meant}` : "use a rule that 'istio-mtls rules' lists",
    });
  }
  if (reason.trim() === '') {
    throw refuse({
      code: 'API080',
      field: 'reason',
      actual: 'empty',
      expected: 'a reason',
      because: 'the next reader must know why the finding is accepted',
      fix: 'pass a reason',
    });
  }
  if (expires !== undefined && !isCalendarDate(expires)) {
    throw refuse({
      code: 'API097',
      field: 'expires',
      actual: shown(expires),
      expected: 'a day such as 2027-03-31',
      because: 'it would be unknown how long the acknowledgement applies',
      fix: 'write the last day as YYYY-MM-DD',
    });
  }
}
