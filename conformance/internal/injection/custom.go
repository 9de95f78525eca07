package injection

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/mesh"
)

const (
	proxyConfigKey = "proxy.istio.io/config"
	bootstrapKey   = "sidecar.istio.io/bootstrapOverride"
	discoveryKey   = "sidecar.istio.io/discoveryAddress"
)

// usualAddress is what Istio's charts tell sidecars of their istiod.
const usualAddress = "istiod.istio-system.svc:15012"

// changing are variables that make istiod or the agent treat a sidecar
// otherwise; those of the generator, not all.
var changing = []string{"ISTIO_META_ENABLE_HBONE", "ISTIO_META_CLUSTER_ID", "ISTIO_BOOTSTRAP_OVERRIDE", "TRUST_DOMAIN"}

// Customize says of a sidecar that it is another than istiod's configuration
// tells: its bootstrap, its istiod or its environment is somebody's own.
func (d Decision) Customize(pod *corev1.Pod, defaults *meshconfig.MeshConfig, variables []string) Decision {
	if d.Proxy != Sidecar {
		return d
	}
	config := ProxyConfig(pod, defaults)
	address := config.GetDiscoveryAddress()
	if own, named := pod.Annotations[discoveryKey]; named {
		address = own
	}
	_, bootstrap := pod.Annotations[bootstrapKey]
	for name := range config.GetProxyMetadata() {
		variables = append(variables, name)
	}
	if container := proxyOf(pod); container != nil {
		for _, variable := range container.Env {
			variables = append(variables, variable.Name)
		}
	}
	index := slices.IndexFunc(variables, func(name string) bool { return slices.Contains(changing, name) })
	switch {
	case bootstrap:
		return Decision{Custom, bootstrapKey}
	case config.GetCustomConfigFile() != "":
		return Decision{Custom, "customConfigFile is " + config.GetCustomConfigFile()}
	case address != usualAddress && !strings.HasPrefix(address, "istiod-"):
		return Decision{Custom, "discoveryAddress is " + address}
	case index >= 0:
		return Decision{Custom, fmt.Sprintf("variable %s is set", variables[index])}
	}
	return d
}

// ProxyConfig is that of a pod's proxy: the mesh config's, and what an
// annotation says.
func ProxyConfig(pod *corev1.Pod, defaults *meshconfig.MeshConfig) *meshconfig.ProxyConfig {
	applied, err := mesh.ApplyProxyConfig(pod.Annotations[proxyConfigKey], defaults)
	if err != nil {
		return defaults.GetDefaultConfig()
	}
	return applied.GetDefaultConfig()
}
