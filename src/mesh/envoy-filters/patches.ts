/** What patches of a kind may change, of the proxy of a client and of a server. */
export interface PatchEffect {
  readonly applyTo: readonly string[];
  /** Of which operations; all unless given. */
  readonly operations?: readonly string[];
  /** Whether what the client's proxy sends, or what the server's takes, isn't known any more. */
  readonly client: boolean;
  readonly server: boolean;
  readonly because: string;
}

/** By kind and operation, the first row that has both; docs/analysis.md shows this table. What isn't in it may change anything. */
export const PATCH_EFFECTS: readonly PatchEffect[] = [
  { applyTo: ['LISTENER', 'BOOTSTRAP'], client: true, server: true, because: 'another listener may take the calls' },
  { applyTo: ['LISTENER_FILTER'], client: true, server: true, because: 'what a listener inspects decides which filter chain takes a connection' },
  { applyTo: ['FILTER_CHAIN'], client: true, server: true, because: 'a filter chain ends the TLS, and leads to where the connection goes' },
  { applyTo: ['NETWORK_FILTER'], client: true, server: true, because: 'a network filter may lead the connection elsewhere' },
  {
    applyTo: ['HTTP_FILTER'],
    operations: ['ADD', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'],
    client: false,
    server: false,
    because: 'Lua, Wasm, rate limits and their like look at requests; the connection stays what it is',
  },
  { applyTo: ['HTTP_FILTER'], client: true, server: true, because: 'without Istio\'s own filters, HTTP is routed and encrypted otherwise' },
  { applyTo: ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'], client: true, server: true, because: 'a route may lead the call elsewhere, or answer it' },
  { applyTo: ['CLUSTER'], operations: ['ADD'], client: false, server: false, because: 'nothing leads to a new cluster but a route, whose patch counts itself' },
  { applyTo: ['CLUSTER'], client: true, server: false, because: 'a cluster holds the TLS that the client sends; a server\'s leads to its own application' },
  { applyTo: ['EXTENSION_CONFIG'], client: false, server: false, because: 'the settings of a filter that is added elsewhere' },
];

const UNKNOWN: PatchEffect = { applyTo: [], client: true, server: true, because: 'it may change anything' };

export function effectOf(applyTo: string, operation: string): PatchEffect {
  return PATCH_EFFECTS.find((row) => row.applyTo.includes(applyTo) && (row.operations?.includes(operation) ?? true)) ?? UNKNOWN;
}
