package cluster

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
)

const systemNamespace = "istio-system"

// findNetworks reads on which networks endpoints are that don't say it
// themselves. The label of istiod's namespace means what meshNetworks says with
// fromRegistry, before all that is said there, and istiod's test server reads
// only that.
func (c *Cluster) findNetworks(written string) error {
	networks, err := mesh.ParseMeshNetworks(written)
	if err != nil {
		return fmt.Errorf("reading meshNetworks: %w", err)
	}
	if namespace := c.namespaces[systemNamespace]; namespace != nil && namespace.Labels[injection.NetworkLabel] != "" {
		name := namespace.Labels[injection.NetworkLabel]
		all := map[string]*meshconfig.Network{name: {}}
		for other, network := range networks.Networks {
			all[other] = &meshconfig.Network{Gateways: network.Gateways}
		}
		all[name].Endpoints = []*meshconfig.Network_NetworkEndpoints{{
			Ne: &meshconfig.Network_NetworkEndpoints_FromRegistry{FromRegistry: constants.DefaultClusterName},
		}}
		networks.Networks = all
	}
	c.Networks = networks
	return nil
}

// ProxyNetwork is the network that a pod's sidecar is told to be on.
func (c *Cluster) ProxyNetwork(w *Workload) string {
	return c.injector.ProxyNetwork(w.template.Labels, w.Pod, c.MeshConfig)
}

// IsNetworkGateway says whether an address is that of a gateway to a network.
func (c *Cluster) IsNetworkGateway(ip string) bool {
	for _, network := range c.Networks.GetNetworks() {
		if slices.ContainsFunc(network.Gateways, func(g *meshconfig.Network_IstioNetworkGateway) bool { return g.GetAddress() == ip }) {
			return true
		}
	}
	return slices.ContainsFunc(c.Services, func(s *Service) bool {
		return s.Labels[injection.NetworkLabel] != "" && slices.ContainsFunc(s.Status.LoadBalancer.Ingress, func(in corev1.LoadBalancerIngress) bool {
			return in.IP == ip
		})
	})
}
