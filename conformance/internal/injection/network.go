package injection

import (
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	meshconfig "istio.io/api/mesh/v1alpha1"
)

const (
	// NetworkLabel says on which network a pod is.
	NetworkLabel    = "topology.istio.io/network"
	networkVariable = "ISTIO_META_NETWORK"
)

// Values are those of an injector that matter to networks.
type Values struct {
	Global struct {
		Network string `json:"network"`
	} `json:"global"`
}

// ReadValues reads those in an injector's ConfigMap.
func ReadValues(written string) (Values, error) {
	var values Values
	return values, yaml.Unmarshal([]byte(written), &values)
}

// NetworkOf is the network that the injector writes into a pod's label and into
// its proxy's environment, whatever else says it there; empty: it leaves both
// as they are. As extractClusterAndNetwork in pkg/kube/inject/inject.go has it.
func (v Values) NetworkOf(labels map[string]string) string {
	if own, labelled := labels[NetworkLabel]; labelled {
		return own
	}
	return v.Global.Network
}

// ProxyNetwork is the network in the environment of a pod's proxy.
//
// labels are the pod's before injection.
func (v Values) ProxyNetwork(labels map[string]string, pod *corev1.Pod, defaults *meshconfig.MeshConfig) string {
	if network := v.NetworkOf(labels); network != "" {
		return network
	}
	if network := ProxyConfig(pod, defaults).GetProxyMetadata()[networkVariable]; network != "" {
		return network
	}
	// The template writes it for a pod with an empty label, too.
	return v.Global.Network
}
