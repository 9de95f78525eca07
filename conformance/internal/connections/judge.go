package connections

import (
	"encoding/json"
	"slices"

	security "istio.io/api/security/v1beta1"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// Mesh is one mesh to be judged.
type Mesh struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects"`
	// Servers are the objects of the state that the servers' proxies are
	// configured by, where it is another than that of the clients'.
	Servers []json.RawMessage `json:"servers"`
	cluster.Facts
}

// Judge reads a mesh from a line of JSON and judges all its connections.
func Judge(line []byte) Verdict {
	var mesh Mesh
	if err := json.Unmarshal(line, &mesh); err != nil {
		return failure("", err)
	}
	verdict, rivals := mesh.judged()
	if rivals && verdict.Error == "" {
		mesh.LastSlice = true
		other, _ := mesh.judged()
		return verdict.or(other)
	}
	return verdict
}

// judged says as well whether EndpointSlices of the mesh are rivals.
func (m *Mesh) judged() (Verdict, bool) {
	clients, err := cluster.New(m.Objects, m.Facts)
	if err != nil {
		return failure(m.ID, err), false
	}
	servers := clients
	if m.Servers != nil {
		if servers, err = clients.Changed(m.Servers); err != nil {
			return failure(m.ID, err), false
		}
	}
	verdict := Verdict{ID: m.ID}
	judge := func(clients, servers *istiod.Server) error { verdict.judge(clients, servers); return nil }
	if err := istiod.With(clients, servers, judge); err != nil {
		return failure(m.ID, err), false
	}
	return verdict, clients.Rivals || servers.Rivals
}

// or is the verdict with what istiod says as well, where it takes other
// EndpointSlices. That a call meets no server in one of the two says nothing.
func (v Verdict) or(other Verdict) Verdict {
	if other.Error != "" {
		return other
	}
	all := newFound()
	for _, one := range slices.Concat(v.Connections, other.Connections) {
		alike := func(c Connection) bool {
			return c.Server == nil && c.Client == one.Client && c.Requested == one.Requested && c.Service == one.Service
		}
		isOpen := one.Server == nil && one.Outcome == Undecided
		if !isOpen || (slices.ContainsFunc(v.Connections, alike) && slices.ContainsFunc(other.Connections, alike)) {
			all.add(one)
		}
	}
	for _, one := range slices.Concat(v.Unjudged, other.Unjudged) {
		all.add(one)
	}
	v.Connections, v.Unjudged = all.sorted()
	return v
}

func failure(id string, err error) Verdict {
	return Verdict{
		ID:          id,
		Connections: []Connection{},
		Unjudged:    []Connection{},
		ServerModes: []PortMode{},
		Proxies:     []ProxyOf{},
		Refused:     []cluster.Refused{},
		Error:       err.Error(),
	}
}

// judge has the clients of one state call the servers of another. What a call
// meets before it arrives is the clients' state: names, addresses, routes,
// endpoints.
func (v *Verdict) judge(ofClients, ofServers *istiod.Server) {
	proxies := connectAll(ofClients)
	inbound := proxies
	if ofServers != ofClients {
		inbound = connectAll(ofServers)
		v.ServersRefused = ofServers.Cluster.Refused
	}
	servers := newServers(ofClients, ofServers, inbound)
	all, found := calls(ofClients), newFound()
	for _, workload := range ofClients.Cluster.Workloads {
		c := &client{workload: workload, server: ofClients, servers: servers, found: found, calls: all}
		if proxy := proxies[workload]; proxy != nil {
			c.proxy, c.upstreams = proxy, newUpstreams(ofClients, proxy)
		}
		for _, call := range all {
			c.judge(call)
		}
	}
	v.Connections, v.Unjudged = found.sorted()
	v.Refused = append([]cluster.Refused{}, ofClients.Cluster.Refused...)
	v.Notes = ofClients.Cluster.Notes
	v.MeshConfigError = ofClients.Cluster.MeshConfigError
	v.describe(ofServers, servers)
}

// connectAll connects the sidecars of a state.
func connectAll(server *istiod.Server) map[*cluster.Workload]*istiod.Proxy {
	proxies := map[*cluster.Workload]*istiod.Proxy{}
	for _, workload := range server.Cluster.Workloads {
		if workload.Injection.Proxy == injection.Sidecar {
			proxies[workload] = server.Connect(server.OfWorkload(workload))
		}
	}
	return proxies
}

// describe adds the facts about servers that the connections were judged from.
func (v *Verdict) describe(server *istiod.Server, servers *servers) {
	v.ServerModes, v.Proxies = []PortMode{}, []ProxyOf{}
	policed := policedPorts(server.Cluster)
	for _, workload := range server.Cluster.Workloads {
		v.Proxies = append(v.Proxies, ProxyOf{
			Workload: named(workload),
			Proxy:    string(workload.Injection.Proxy),
			Why:      workload.Injection.Why,
		})
		for _, port := range servers.portsOf(workload, policed[workload.Namespace]) {
			v.ServerModes = append(v.ServerModes, servers.portMode(workload, port))
		}
	}
	slices.SortStableFunc(v.Proxies, func(a, b ProxyOf) int { return a.compare(b.Workload) })
	slices.SortStableFunc(v.ServerModes, func(a, b PortMode) int { return compareServers(&a.ServerPort, &b.ServerPort) })
}

// policedPorts are the ports that a namespace's policies name.
func policedPorts(c *cluster.Cluster) map[string][]int {
	ports := map[string][]int{}
	for _, config := range c.Configs {
		if policy, isPolicy := config.Spec.(*security.PeerAuthentication); isPolicy {
			for port := range policy.PortLevelMtls {
				ports[config.Namespace] = append(ports[config.Namespace], int(port))
			}
		}
	}
	return ports
}
