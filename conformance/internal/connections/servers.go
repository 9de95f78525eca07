package connections

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"istio.io/api/label"
	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/security"
	"istio.io/istio/pkg/spiffe"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// servers answer for the receiving side of a mesh.
type servers struct {
	// server is the istiod that configures them.
	server *istiod.Server
	// clients is the cluster as their clients meet it: what has an address
	// there has it whatever the servers' istiod knows.
	clients *cluster.Cluster
	// proxies are those of the pods of the servers' cluster.
	proxies map[*cluster.Workload]*istiod.Proxy
	asked   map[*cluster.Workload]*inbound
	// machines are the WorkloadEntries by address.
	machines map[string]*machine
	// endpoints are those of the clients' istiod, by address.
	endpoints map[string]*model.IstioEndpoint
}

// machine is a WorkloadEntry, with its proxy's listeners if it has one.
type machine struct {
	config  config.Config
	inbound *inbound
}

func newServers(clients, server *istiod.Server, proxies map[*cluster.Workload]*istiod.Proxy) *servers {
	s := &servers{
		server:    server,
		clients:   clients.Cluster,
		proxies:   proxies,
		asked:     map[*cluster.Workload]*inbound{},
		machines:  map[string]*machine{},
		endpoints: map[string]*model.IstioEndpoint{},
	}
	for _, byNamespace := range clients.Env().EndpointIndex.Shardz() {
		for _, shards := range byNamespace {
			for _, shard := range shards.Shards {
				for _, endpoint := range shard {
					s.endpoints[endpoint.FirstAddressOrNil()] = endpoint
				}
			}
		}
	}
	for _, c := range clients.Cluster.Configs {
		if entry, isEntry := c.Spec.(*networking.WorkloadEntry); isEntry && c.GroupVersionKind == gvk.WorkloadEntry {
			s.machines[entry.Address] = &machine{config: c}
		}
	}
	return s
}

// verdict is what a server makes of one client's TLS.
type verdict struct {
	server  *ServerPort
	mode    ServerMode
	outcome Outcome
	// inbound is what the server's proxy takes it by.
	inbound *InboundConfig
	// why is set when the referee can't judge.
	why string
}

func (s *servers) judge(t target, kind kind) verdict {
	v := s.judgeTarget(t, kind)
	if v.mode != NoProxy && v.mode != UnknownMode && s.refusesListeners() {
		v.mode, v.outcome, v.why = UnknownMode, Undecided, "a cipher suite that Envoy doesn't know"
	}
	return v
}

// refusesListeners says that servers' Envoys take none of their inbound
// listeners, which istiod doesn't check.
func (s *servers) refusesListeners() bool {
	return slices.ContainsFunc(s.server.Cluster.MeshConfig.GetMeshMTLS().GetCipherSuites(), func(suite string) bool {
		return !security.ValidCipherSuites.Contains(suite)
	})
}

func (s *servers) judgeTarget(t target, kind kind) verdict {
	if s.clients.IsShared(t.IP) {
		return verdict{mode: UnknownMode, outcome: Undecided, why: "the address of several pods on a node's network"}
	}
	if t.Workload != nil {
		return s.judgeWorkload(t, kind)
	}
	if s.clients.IsNode(t.IP) { // Even if a WorkloadEntry names it.
		return verdict{mode: UnknownMode, outcome: Undecided, why: "the address of a node, at which its pods and NodePorts answer"}
	}
	if m := s.machines[t.IP]; m != nil {
		return s.judgeMachine(m, t, kind)
	}
	if s.clients.IsNetworkGateway(t.IP) {
		return verdict{mode: UnknownMode, outcome: Undecided, why: "a gateway to another network"}
	}
	if s.clients.IsUnwatched(t.IP) {
		return verdict{mode: UnknownMode, outcome: Undecided, why: "a WorkloadEntry in a namespace that istiod doesn't watch"}
	}
	if endpoint := s.endpoints[t.IP]; endpoint != nil && endpoint.TLSMode == model.IstioMutualTLSModeLabel {
		return verdict{mode: UnknownMode, outcome: Undecided}
	}
	return verdict{mode: NoProxy, outcome: withoutProxy(t.tls, kind)}
}

func (s *servers) judgeWorkload(t target, kind kind) verdict {
	v := verdict{server: &ServerPort{Workload: named(t.Workload), Port: t.Port}}
	own := s.server.Cluster.WorkloadOfIP(t.IP)
	mode := s.portMode(own, t.Port)
	v.mode, v.why = mode.Mode, mode.Why
	switch own.Injection.Proxy {
	case injection.Sidecar:
		if t.proxyProtocol {
			v.outcome = Broken
			break
		}
		v.outcome = s.inboundOf(own).probe(t.Port).outcome(t.tls, kind)
		v.inbound = s.inboundOf(own).config(t.Port, t.tls, kind)
	case injection.None:
		v.outcome = withoutProxy(t.tls, kind)
	default:
		v.outcome = Undecided
	}
	if v.why == "" {
		v.why = s.refusesIdentity(t, t.Workload.Namespace, t.Workload.ServiceAccount())
	}
	return v
}

// refusesIdentity compares the names that the client demands with the
// server's. The simulator doesn't look at them.
func (s *servers) refusesIdentity(t target, namespace, serviceAccount string) string {
	identity := spiffe.MustGenSpiffeURI(s.server.Cluster.MeshConfig, namespace, serviceAccount)
	if t.tls != IstioMutual || len(t.names) == 0 || slices.Contains(t.names, identity) {
		return ""
	}
	return fmt.Sprintf("the client demands one of %v and the server is %s: the simulator doesn't check names", t.names, identity)
}

func (s *servers) judgeMachine(m *machine, t target, kind kind) verdict {
	v := verdict{server: &ServerPort{
		Workload: Workload{Kind: m.config.GroupVersionKind.Kind, Namespace: m.config.Namespace, Name: m.config.Name},
		Port:     t.Port,
	}}
	if s.machineTLSMode(m, t.IP) != model.IstioMutualTLSModeLabel {
		v.mode, v.outcome = NoProxy, withoutProxy(t.tls, kind)
		return v
	}
	if _, err := netip.ParseAddr(t.IP); err != nil {
		v.mode, v.outcome, v.why = UnknownMode, Undecided, "the WorkloadEntry's address is a name"
		return v
	}
	if m.inbound == nil {
		m.inbound = newInbound(s.server.Connect(istiod.Identity{
			Name:           m.config.Name,
			Namespace:      m.config.Namespace,
			IP:             t.IP,
			Labels:         m.config.Spec.(*networking.WorkloadEntry).Labels,
			ServiceAccount: m.config.Spec.(*networking.WorkloadEntry).ServiceAccount,
		}))
	}
	found := m.inbound.probe(t.Port)
	v.mode, v.outcome = found.mode(), found.outcome(t.tls, kind)
	v.inbound = m.inbound.config(t.Port, t.tls, kind)
	if t.proxyProtocol {
		v.outcome, v.inbound = Broken, nil
	}
	v.why = s.refusesIdentity(t, m.config.Namespace, m.config.Spec.(*networking.WorkloadEntry).ServiceAccount)
	return v
}

// machineTLSMode is what istiod believes of a machine. Of one that no service
// selects istiod holds no endpoint: there it is what getTLSModeFromWorkloadEntry
// (pilot/pkg/serviceregistry/serviceentry/conversion.go) would give it.
func (s *servers) machineTLSMode(m *machine, address string) string {
	if endpoint := s.endpoints[address]; endpoint != nil {
		return endpoint.TLSMode
	}
	entry := m.config.Spec.(*networking.WorkloadEntry)
	if mode, isStated := entry.Labels[label.SecurityTlsMode.Name]; isStated {
		return mode
	}
	if entry.ServiceAccount != "" {
		return model.IstioMutualTLSModeLabel
	}
	return model.DisabledTLSModeLabel
}

func (s *servers) inboundOf(w *cluster.Workload) *inbound {
	if s.asked[w] == nil {
		s.asked[w] = newInbound(s.proxies[w])
	}
	return s.asked[w]
}

// portMode is the mode of a workload's port, with the reason why istiod isn't
// the one to say it.
func (s *servers) portMode(w *cluster.Workload, port int) PortMode {
	found := PortMode{ServerPort: ServerPort{Workload: named(w), Port: port}, Mode: UnknownMode}
	switch w.Injection.Proxy {
	case injection.Sidecar:
		p := s.inboundOf(w).probe(port)
		found.Mode, found.Plaintext, found.MTLS, found.TLS = p.mode(), p.any().plaintext, p.any().mtls, p.any().tls
		found.Why = notIntercepted(w, port)
	case injection.None:
		found.Mode, found.Plaintext, found.TLS = NoProxy, true, true
		if w.Pod.Spec.HostNetwork {
			found.Why = "hostNetwork"
		}
	default:
		found.Why = notASidecar(w)
	}
	return found
}

// portsOf are those worth asking about: what the containers and the services
// name, and what a policy names.
func (s *servers) portsOf(w *cluster.Workload, policed []int) []int {
	ports := slices.Clone(policed)
	for _, container := range slices.Concat(w.Pod.Spec.InitContainers, w.Pod.Spec.Containers) {
		for _, port := range container.Ports {
			ports = append(ports, int(port.ContainerPort))
		}
	}
	for _, service := range s.server.Cluster.Services {
		for _, servicePort := range service.Ports {
			for _, endpoint := range servicePort.Endpoints {
				if endpoint.Workload != w {
					continue
				}
				ports = append(ports, endpoint.Port)
				if service.Headless() {
					ports = append(ports, int(servicePort.Port))
				}
			}
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

const (
	includeInbound = "traffic.sidecar.istio.io/includeInboundPorts"
	excludeInbound = "traffic.sidecar.istio.io/excludeInboundPorts"
	statusPort     = "status.sidecar.istio.io/port"
	interception   = "sidecar.istio.io/interceptionMode"
)

// istioPorts are Istio's own: no traffic of the application uses them.
var istioPorts = []int{15000, 15001, 15002, 15003, 15004, 15006, 15008, 15009, 15010, 15012, 15014, 15017, 15020, 15021, 15053, 15090}

// notIntercepted says why iptables keeps a port from the sidecar, which is
// nothing that istiod decides.
func notIntercepted(w *cluster.Workload, port int) string {
	notes := w.Pod.Annotations
	include, hasInclude := notes[includeInbound]
	switch {
	case slices.Contains(istioPorts, port) || notes[statusPort] == strconv.Itoa(port):
		return fmt.Sprintf("port %d is Istio's own", port)
	case notes[interception] == "NONE":
		return interception + " is NONE"
	case hasInclude && strings.TrimSpace(include) != "*" && !lists(include, port):
		return includeInbound + " is " + include
	case lists(notes[excludeInbound], port):
		return excludeInbound + " is " + notes[excludeInbound]
	}
	return ""
}

func lists(list string, port int) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(entry string) bool {
		return strings.TrimSpace(entry) == strconv.Itoa(port)
	})
}

// notASidecar says why a workload's proxy is none that the referee judges.
func notASidecar(w *cluster.Workload) string {
	return fmt.Sprintf("the proxy is %s: %s", w.Injection.Proxy, w.Injection.Why)
}

func named(w *cluster.Workload) Workload {
	return Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}
}
