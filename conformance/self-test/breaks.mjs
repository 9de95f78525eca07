// Ways to break the compiled model, each with a mistake that an engineer could make. `find` must be there exactly once.

export const BREAKS = [
  {
    name: 'a port\'s own mode is ignored',
    file: 'server/server-mode.js',
    find: 'const exception = policy?.ports.get(port);',
    replace: 'const exception = undefined;',
  },
  {
    name: 'UNSET for a port means PERMISSIVE',
    file: 'server/server-mode.js',
    find: 'exception === undefined || exception === \'UNSET\' ? workload : { mode: exception,',
    replace: 'exception === undefined ? workload : { mode: exception === \'UNSET\' ? \'PERMISSIVE\' : exception,',
  },
  {
    name: 'an empty selector selects nothing',
    file: 'server/peer-policy.js',
    find: '(0, selector_1.isEmpty)(matchLabels) ? undefined : matchLabels',
    replace: 'selector === undefined ? undefined : { nothing: \'nothing\', ...matchLabels }',
  },
  {
    name: 'policies with a selector in the root namespace apply',
    file: 'server/peer-policies.js',
    find: 'else if (namespace === rootNamespace)',
    replace: 'else if (namespace === undefined)',
  },
  {
    name: 'of two policies for a workload the last counts',
    file: 'server/peer-policies.js',
    find: 'selecting.index.matching(labels)',
    replace: '[...selecting.index.matching(labels)].reverse()',
  },
  {
    name: 'a closer host beats a closer namespace',
    file: 'client/rule-index.js',
    find: 'const local = own?.mostSpecific(service.host)?.merged;',
    replace: 'const local = own?.get(service.host)?.merged;',
  },
  {
    name: 'of rules exported differently the first counts',
    file: 'client/rule-index.js',
    find: 'forEverybody = rule;',
    replace: 'forEverybody ??= rule;',
  },
  {
    name: 'a rule\'s exportTo is ignored',
    file: 'client/rule-index.js',
    find: 'exportTo.size === 0 || exportTo.has(\'*\') || exportTo.has(clientNamespace)',
    replace: 'true',
  },
  {
    name: 'a port-level entry without TLS inherits the rule\'s',
    file: 'client/traffic-policy.js',
    find: 'return portEntry(policy, port) ?? policy;',
    replace: 'return portEntry(policy, port)?.tls ? portEntry(policy, port) : policy;',
  },
  {
    name: 'a subset without TLS doesn\'t inherit the rule\'s',
    file: 'client/traffic-policy.js',
    find: 'tls: subset.tls ?? wide.tls',
    replace: 'tls: subset.tls',
  },
  {
    name: 'a rule doesn\'t unmark endpoints',
    file: 'client/endpoint-tls.js',
    find: 'cluster.hint !== undefined',
    replace: 'cluster.hint === null',
  },
  {
    name: 'auto mTLS doesn\'t look at the namespace\'s policy',
    file: 'control-plane.js',
    find: 'this.policies.forClients(namespace)?.mode === \'DISABLE\'',
    replace: 'namespace === undefined',
  },
  {
    name: 'a headless service needs but one server with a sidecar',
    file: 'control-plane.js',
    find: 'endpoints.every(',
    replace: 'endpoints.some(',
  },
  {
    name: 'auto mTLS reaches hosts outside the mesh',
    file: 'client/client-tls.js',
    find: 'if (service.external)',
    replace: 'if (service === undefined)',
  },
  {
    name: 'a destination of weight 0 is reached',
    file: 'routes/destinations.js',
    find: '?? 0) > 0)',
    replace: '?? 0) >= 0)',
  },
  {
    name: 'REGISTRY_ONLY is ignored',
    file: 'routes/ways.js',
    find: 'outbound === \'REGISTRY_ONLY\'',
    replace: 'outbound === undefined',
  },
  {
    name: 'a service exported to named namespaces is seen by all',
    file: 'names/export-to.js',
    find: 'return this.entries.has(namespace) ||',
    replace: 'return true ||',
  },
  {
    name: 'a server that expects HTTP lets TLS pass',
    file: 'connections/outcome.js',
    find: 'protocol === \'HTTP\' ? \'broken\'',
    replace: 'protocol === undefined ? \'broken\'',
  },
];
