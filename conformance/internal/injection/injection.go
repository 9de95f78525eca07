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
	None    Proxy = "none"
	Sidecar Proxy = "sidecar"
	Router  Proxy = "router"
	GRPC    Proxy = "grpc"
	Ztunnel Proxy = "ztunnel"
	Unknown Proxy = "unknown"
)

// Decision is a pod's proxy and the fact that decided it.
type Decision struct {
	Proxy Proxy  `json:"proxy"`
	Why   string `json:"why"`
}

const (
	injectLabel     = "sidecar.istio.io/inject"
	revisionLabel   = "istio.io/rev"
	injectionLabel  = "istio-injection"
	dataplaneLabel  = "istio.io/dataplane-mode"
	templatesKey    = "inject.istio.io/templates"
	proxyContainer  = "istio-proxy"
	ambientMode     = "ambient"
	gatewayTemplate = "gateway"
	grpcTemplate    = "grpc-agent"
)

// Decide takes the namespace as it is in the manifests, nil when it isn't
// there, and the pod as it is created, before injection. Every revision that
// a label names counts as installed.
func Decide(namespace *corev1.Namespace, pod *corev1.Pod) Decision {
	if container := proxyOf(pod); container != nil {
		return ofContainer(container)
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
		return withoutInjection(namespace.Labels, pod.Labels)
	}
	if value := wish(pod); value == "false" {
		return Decision{None, injectLabel + " is false"}
	}
	return ofTemplates(pod.Annotations[templatesKey], webhook)
}

func proxyOf(pod *corev1.Pod) *corev1.Container {
	all := slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers)
	index := slices.IndexFunc(all, func(c corev1.Container) bool { return c.Name == proxyContainer })
	if index < 0 {
		return nil
	}
	return &all[index]
}

func ofContainer(container *corev1.Container) Decision {
	words := slices.Concat(container.Command, container.Args)
	if slices.Contains(words, "router") {
		return Decision{Router, "container istio-proxy runs `proxy router`"}
	}
	return Decision{Sidecar, "the pod template holds container istio-proxy"}
}

// matchingWebhook names the first of the chart's webhooks that is called for
// the pod, or none.
func matchingWebhook(namespace, pod map[string]string) string {
	_, hasInjection := namespace[injectionLabel]
	_, hasRevision := namespace[revisionLabel]
	_, podHasRevision := pod[revisionLabel]
	notRefused := pod[injectLabel] != "false"
	switch {
	case hasRevision && !hasInjection && notRefused:
		return "rev.namespace"
	case !hasRevision && !hasInjection && notRefused && podHasRevision:
		return "rev.object"
	case namespace[injectionLabel] == "enabled" && notRefused:
		return "namespace"
	case !hasRevision && !hasInjection && pod[injectLabel] == "true" && !podHasRevision:
		return "object"
	}
	return ""
}

func withoutInjection(namespace, pod map[string]string) Decision {
	mode, onPod := pod[dataplaneLabel]
	if !onPod {
		mode = namespace[dataplaneLabel]
	}
	if mode == ambientMode {
		return Decision{Ztunnel, dataplaneLabel + " is ambient"}
	}
	return Decision{None, "no injection webhook matches"}
}

// wish is what the pod asks of the injector: the label, else the annotation.
func wish(pod *corev1.Pod) string {
	if value, present := pod.Labels[injectLabel]; present {
		return value
	}
	return pod.Annotations[injectLabel]
}

func ofTemplates(templates, webhook string) Decision {
	names := strings.Split(templates, ",")
	for index := range names {
		names[index] = strings.TrimSpace(names[index])
	}
	switch {
	case slices.Contains(names, gatewayTemplate):
		return Decision{Router, templatesKey + " is " + templates}
	case slices.Contains(names, grpcTemplate):
		return Decision{GRPC, templatesKey + " is " + templates}
	}
	return Decision{Sidecar, "webhook " + webhook}
}
