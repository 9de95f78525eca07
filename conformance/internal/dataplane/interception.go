//go:build linux

package dataplane

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/tools/common/config"
	"istio.io/istio/tools/istio-iptables/pkg/capture"
	"istio.io/istio/tools/istio-iptables/pkg/dependencies"
)

const notePrefix = "traffic.sidecar.istio.io/"

// proxyUser is whom the sidecar runs as: its own calls aren't intercepted.
const proxyUser = "1337"

// intercept has Istio's own program make the rules by which a pod's calls
// meet its sidecar, with the arguments that the injector gives it.
func (n *namespace) intercept(pod *corev1.Pod) error {
	return n.do(func() error {
		configurator, err := capture.NewIptablesConfigurator(interception(pod), &dependencies.RealDependencies{})
		if err != nil {
			return err
		}
		return configurator.Run()
	})
}

// interception is what the injection template says to istio-init.
func interception(pod *corev1.Pod) *config.Config {
	note := func(name, otherwise string) string {
		if value, said := pod.Annotations[notePrefix+name]; said {
			return value
		}
		return otherwise
	}
	made := config.DefaultConfig()
	made.ProxyUID, made.ProxyGID = proxyUser, proxyUser
	made.InboundInterceptionMode = "REDIRECT"
	made.InboundPortsInclude = note("includeInboundPorts", "*")
	made.InboundPortsExclude = joined("15090,15021", note("excludeInboundPorts", ""), statusPort(pod))
	made.OutboundIPRangesInclude = note("includeOutboundIPRanges", "*")
	made.OutboundIPRangesExclude = note("excludeOutboundIPRanges", "")
	made.OutboundPortsInclude = note("includeOutboundPorts", "")
	made.OutboundPortsExclude = note("excludeOutboundPorts", "")
	return made
}

func statusPort(pod *corev1.Pod) string {
	if port := pod.Annotations["status.sidecar.istio.io/port"]; port != "" {
		return port
	}
	return "15020"
}

func joined(lists ...string) string {
	var all []string
	for _, list := range lists {
		if list = strings.TrimSpace(list); list != "" {
			all = append(all, list)
		}
	}
	return strings.Join(all, ",")
}
