// Package injection says which proxy a pod gets: it matches the selectors of
// Istio's mutating webhooks and then the rules of the injector behind them.
//
// istiod's own rules aren't exported, so they are repeated here, from
// manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
// and injectRequired in pkg/kube/inject/inject.go.
package injection

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pkg/kube/inject"
)

// Proxy is what stands before a pod's application.
type Proxy string

const (
	None     Proxy = "none"
	Sidecar  Proxy = "sidecar"
	Router   Proxy = "router"
	GRPC     Proxy = "grpc"
	Waypoint Proxy = "waypoint"
	Ztunnel  Proxy = "ztunnel"
	Unknown  Proxy = "unknown"
	// Custom is a sidecar of somebody's own.
	Custom Proxy = "custom"
)

// Decision is a pod's proxy and the fact that decided it.
type Decision struct {
	Proxy Proxy  `json:"proxy"`
	Why   string `json:"why"`
}

const (
	injectLabel    = "sidecar.istio.io/inject"
	revisionLabel  = "istio.io/rev"
	injectionLabel = "istio-injection"
	dataplaneLabel = "istio.io/dataplane-mode"
	templatesKey   = "inject.istio.io/templates"
	proxyContainer = "istio-proxy"
	ambientMode    = "ambient"
)

// templateProxies are the proxies that the injector's own templates make, the
// first first where a pod names several.
var templateProxies = []struct {
	template string
	proxy    Proxy
}{
	{"gateway", Router},
	{"kube-gateway", Router},
	{"waypoint", Waypoint},
	{"grpc-agent", GRPC},
	{"grpc-simple", GRPC},
	{"sidecar", Sidecar},
}

// Decide takes the namespace as it is in the manifests, nil when it isn't
// there, and the pod as it is created, before injection. Every revision that
// a label names counts as installed.
func Decide(namespace *corev1.Namespace, pod *corev1.Pod) Decision {
	if container := proxyOf(pod); container != nil {
		return ofContainer(container, pod)
	}
	if pod.Spec.HostNetwork {
		return Decision{None, "hostNetwork"}
	}
	if inject.IgnoredNamespaces.Contains(pod.Namespace) {
		return Decision{None, "the injector ignores namespace " + pod.Namespace}
	}
	if namespace == nil {
		return Decision{Unknown, "namespace " + pod.Namespace + " isn't in the manifests"}
	}
	webhook := matchingWebhook(namespace.Labels, pod.Labels)
	if webhook == "" {
		return withoutInjection(namespace.Labels, pod.Labels, "no injection webhook matches")
	}
	if value := wish(pod); value == "false" {
		return withoutInjection(namespace.Labels, pod.Labels, injectLabel+" is false")
	}
	return ofTemplates(pod, webhook)
}

func proxyOf(pod *corev1.Pod) *corev1.Container {
	all := slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers)
	index := slices.IndexFunc(all, func(c corev1.Container) bool { return c.Name == proxyContainer })
	if index < 0 {
		return nil
	}
	return &all[index]
}

// ofContainer says what a container istio-proxy runs; one that doesn't say
// (`image: auto`) is completed by the injector.
func ofContainer(container *corev1.Container, pod *corev1.Pod) Decision {
	words := slices.Concat(container.Command, container.Args)
	for _, proxy := range []Proxy{Router, Waypoint, Sidecar} {
		if slices.Contains(words, string(proxy)) {
			return Decision{proxy, "container istio-proxy runs `proxy " + string(proxy) + "`"}
		}
	}
	return ofTemplates(pod, "the pod template holds container istio-proxy")
}

// matchingWebhook names the first of the chart's webhooks that is called for
// the pod, or none. No revision has an empty name.
func matchingWebhook(namespace, pod map[string]string) string {
	_, hasInjection := namespace[injectionLabel]
	_, hasRevision := namespace[revisionLabel]
	_, podHasRevision := pod[revisionLabel]
	notRefused := pod[injectLabel] != "false"
	switch {
	case hasRevision && !hasInjection && notRefused && namespace[revisionLabel] != "":
		return "rev.namespace"
	case !hasRevision && !hasInjection && notRefused && pod[revisionLabel] != "":
		return "rev.object"
	case namespace[injectionLabel] == "enabled" && notRefused:
		return "namespace"
	case !hasRevision && !hasInjection && pod[injectLabel] == "true" && !podHasRevision:
		return "object"
	}
	return ""
}

// withoutInjection looks for the ambient mesh, which takes the pods that have no
// sidecar, for whatever reason.
func withoutInjection(namespace, pod map[string]string, why string) Decision {
	mode, onPod := pod[dataplaneLabel]
	if !onPod {
		mode = namespace[dataplaneLabel]
	}
	if mode == ambientMode {
		return Decision{Ztunnel, dataplaneLabel + " is ambient"}
	}
	return Decision{None, why}
}

// wish is what the pod asks of the injector: the label, else the annotation.
func wish(pod *corev1.Pod) string {
	if value, present := pod.Labels[injectLabel]; present {
		return value
	}
	return pod.Annotations[injectLabel]
}

// ofTemplates says what the templates make that a pod names; none of them is
// the sidecar's, and those that aren't Istio's may be anything.
func ofTemplates(pod *corev1.Pod, why string) Decision {
	templates, named := pod.Annotations[templatesKey]
	if !named {
		return Decision{Sidecar, why}
	}
	names := strings.Split(templates, ",")
	for index := range names {
		names[index] = strings.TrimSpace(names[index])
	}
	for _, known := range templateProxies {
		if slices.Contains(names, known.template) {
			return Decision{known.proxy, templatesKey + " is " + templates}
		}
	}
	return Decision{Unknown, templatesKey + " is " + templates}
}
