/** What the objects of the Prometheus operator have in common. */
export interface MonitorProps {
  /**
   * The namespace of the object. The Prometheus must look there (`serviceMonitorNamespaceSelector` and kin).
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Name of the object.
   *
   * @default - see the construct
   */
  readonly name?: string;

  /**
   * Labels of the object. Most Prometheus installations take only objects with a label of theirs, such as
   * `release: kube-prometheus-stack` (`serviceMonitorSelector`, `podMonitorSelector`, `ruleSelector`).
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}
