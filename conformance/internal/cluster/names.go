package cluster

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pkg/ptr"
)

// ndots is how many dots a name must have for a pod's resolver to take it as
// it is before it tries the domains that it searches.
const ndots = 5

// numbered are the names of a StatefulSet's pods, and the Service that they
// have names in.
type numbered struct {
	service     string
	first, next int
}

func numberedBy(set *appsv1.StatefulSet) numbered {
	first := 0
	if set.Spec.Ordinals != nil {
		first = int(set.Spec.Ordinals.Start)
	}
	return numbered{service: set.Spec.ServiceName, first: first, next: first + int(ptr.OrDefault(set.Spec.Replicas, 1))}
}

// Lookup gives the addresses of a name as the resolver of a pod finds them: by
// the domains that a kubelet has it search, where the name has few dots.
func (c *Cluster) Lookup(name, namespace string) ([]string, bool) {
	absolute, isAbsolute := strings.CutSuffix(name, ".")
	if !isAbsolute && strings.Count(name, ".") < ndots {
		services := "svc." + c.Domain
		for _, domain := range []string{namespace + "." + services, services, c.Domain} {
			if addresses, known := c.Resolve(name + "." + domain); known {
				return addresses, true
			}
		}
	}
	return c.Resolve(absolute)
}

// IsOwnName says whether only the cluster's DNS can know a name.
func (c *Cluster) IsOwnName(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, "."), ".svc."+c.Domain)
}

// podsNamed gives the addresses of the pods that have a name of their own in a
// headless Service; nil where none has it.
func (c *Cluster) podsNamed(host string) []string {
	name, service, _ := strings.Cut(host, ".")
	headless := c.services[service]
	if headless == nil || !headless.Headless() {
		return nil
	}
	var addresses []string
	for _, pod := range headless.Pods {
		if slices.Contains(pod.namesIn(headless.Name), name) {
			addresses = append(addresses, pod.named().Status.PodIP)
		}
	}
	return addresses
}

// named is the pod that a name leads to: of several another one than that which
// makes the workload's calls, since each of the others calls it.
func (w *Workload) named() *corev1.Pod {
	return w.Pods()[len(w.Pods())-1]
}

// namesIn are the names of a workload's pods in a Service of their namespace.
func (w *Workload) namesIn(service string) []string {
	if w.Kind != "StatefulSet" {
		if w.Pod.Spec.Subdomain == service && w.Pod.Spec.Hostname != "" {
			return []string{w.Pod.Spec.Hostname}
		}
		return nil
	}
	var names []string
	for ordinal := w.numbered.first; w.numbered.service == service && ordinal < w.numbered.next; ordinal++ {
		names = append(names, fmt.Sprintf("%s-%d", w.Name, ordinal))
	}
	return names
}
