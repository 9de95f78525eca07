/** What a route may say beside where it leads to. */
export interface SubsetRouteOptions {
  /**
   * The **Service's** port that requests go to, 1 to 65535.
   *
   * @default - the port that the client called
   */
  readonly port?: number;

  /**
   * Whose requests are routed: gateways as `<namespace>/<name>`, or as a bare name in the route's namespace, and
   * `mesh` for all sidecars.
   *
   * @default - Istio's: `mesh`
   */
  readonly gateways?: string[];

  /**
   * Namespace of the VirtualService.
   *
   * @default - that of the subsets' Destination
   */
  readonly namespace?: string;

  /**
   * The namespaces whose clients see the route: names, `.` for the route's own, or `*` alone for all.
   *
   * @default - those that find the Destination, because elsewhere its subsets don't exist and requests would fail
   */
  readonly exportTo?: string[];

  /**
   * Name of the VirtualService.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}
