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
	cluster.Facts
}

// Judge reads a mesh from a line of JSON and judges all its connections.
func Judge(line []byte) Verdict {
	var mesh Mesh
	if err := json.Unmarshal(line, &mesh); err != nil {
		return failure("", err)
	}
	c, err := cluster.New(mesh.Objects, mesh.Facts)
	if err != nil {
		return failure(mesh.ID, err)
	}
	verdict := Verdict{ID: mesh.ID}
	if err := istiod.With(c, func(server *istiod.Server) error { verdict.judge(server); return nil }); err != nil {
		return failure(mesh.ID, err)
	}
	return verdict
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

func (v *Verdict) judge(server *istiod.Server) {
	proxies := map[*cluster.Workload]*istiod.Proxy{}
	for _, workload := range server.Cluster.Workloads {
		if workload.Injection.Proxy == injection.Sidecar {
			proxies[workload] = server.Connect(server.OfWorkload(workload))
		}
	}
	servers := newServers(server, proxies)
	all, found := calls(server), newFound()
	for _, workload := range server.Cluster.Workloads {
		c := &client{workload: workload, server: server, servers: servers, found: found}
		if proxy := proxies[workload]; proxy != nil {
			c.proxy, c.upstreams = proxy, newUpstreams(server, proxy)
		}
		for _, call := range all {
			c.judge(call)
		}
	}
	v.Connections, v.Unjudged = found.sorted()
	v.describe(server, servers)
}

// describe adds the facts that the connections were judged from.
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
	v.Refused = append([]cluster.Refused{}, server.Cluster.Refused...)
	v.Notes = server.Cluster.Notes
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
