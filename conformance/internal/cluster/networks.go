package cluster

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh"
)

const (
	networkLabel    = "topology.istio.io/network"
	networkVariable = "ISTIO_META_NETWORK"
	proxyConfigNote = "proxy.istio.io/config"
	systemNamespace = "istio-system"
)

// findNetworks reads on which networks endpoints are that don't say it
// themselves. The label of istiod's namespace means what meshNetworks says with
// fromRegistry, and istiod's test server reads only that.
func (c *Cluster) findNetworks(written string) error {
	networks, err := mesh.ParseMeshNetworks(written)
	if err != nil {
		return fmt.Errorf("reading meshNetworks: %w", err)
	}
	if namespace := c.namespaces[systemNamespace]; namespace != nil && namespace.Labels[networkLabel] != "" {
		networks.Networks = map[string]*meshconfig.Network{namespace.Labels[networkLabel]: {
			Endpoints: []*meshconfig.Network_NetworkEndpoints{{
				Ne: &meshconfig.Network_NetworkEndpoints_FromRegistry{FromRegistry: constants.DefaultClusterName},
			}},
		}}
	}
	c.Networks = networks
	return nil
}

// ProxyNetwork is the network that a pod's sidecar is told to be on: never by
// the pod's label.
func (c *Cluster) ProxyNetwork(w *Workload) string {
	own := meshconfig.ProxyConfig{}
	if err := yaml.Unmarshal([]byte(w.Pod.Annotations[proxyConfigNote]), &own); err == nil && own.ProxyMetadata[networkVariable] != "" {
		return own.ProxyMetadata[networkVariable]
	}
	return c.MeshConfig.GetDefaultConfig().GetProxyMetadata()[networkVariable]
}

// IsNetworkGateway says whether an address is that of a gateway to a network.
func (c *Cluster) IsNetworkGateway(ip string) bool {
	return slices.ContainsFunc(c.Services, func(s *Service) bool {
		return s.Labels[networkLabel] != "" && slices.ContainsFunc(s.Status.LoadBalancer.Ingress, func(in corev1.LoadBalancerIngress) bool {
			return in.IP == ip
		})
	})
}
