package cluster

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/ptr"
)

// Place is where a packet arrives. Its workload is nil when the address is
// none of the manifests'.
type Place struct {
	Workload *Workload
	IP       string
	Port     int
}

// Reach follows a packet to an address, as kube-proxy does: a service's
// address leads to its endpoints, a pod's to the pod. A service's address with
// a port that it hasn't leads nowhere.
func (c *Cluster) Reach(ip string, port int) []Place {
	if workload := c.pods[ip]; workload != nil {
		return []Place{{Workload: workload, IP: ip, Port: port}}
	}
	for _, service := range c.Services {
		if service.has(ip) {
			return service.places(port)
		}
	}
	return []Place{{IP: ip, Port: port}}
}

// has says whether kube-proxy takes an address for the service's.
func (s *Service) has(ip string) bool {
	spec := s.Spec
	if s.Headless() || s.IsExternalName() {
		return false
	}
	ofBalancer := slices.ContainsFunc(s.Status.LoadBalancer.Ingress, func(in corev1.LoadBalancerIngress) bool {
		return in.IP == ip && ptr.OrDefault(in.IPMode, corev1.LoadBalancerIPModeVIP) == corev1.LoadBalancerIPModeVIP
	})
	return slices.Contains(spec.ClusterIPs, ip) || slices.Contains(spec.ExternalIPs, ip) || ofBalancer
}

// KnownAddresses are those that the manifests say somebody has.
func (c *Cluster) KnownAddresses() []string {
	var all []string
	for _, workload := range c.Workloads {
		if workload.status.PodIP != "" || len(workload.status.PodIPs) > 0 {
			all = append(all, workload.IPs()...)
		}
		if host := workload.status.HostIP; host != "" {
			all = append(all, host)
		}
	}
	for _, service := range c.Services {
		if service.given && !service.Headless() {
			all = append(all, service.Spec.ClusterIPs...)
		}
	}
	for _, config := range slices.Concat(c.Configs, c.Unwatched) {
		switch spec := config.Spec.(type) {
		case *networking.ServiceEntry:
			all = append(all, spec.Addresses...)
			for _, endpoint := range spec.Endpoints {
				all = append(all, endpoint.Address)
			}
		case *networking.WorkloadEntry:
			all = append(all, spec.Address)
		}
	}
	return all
}

// IsNode says whether an address is that of a machine that pods run on.
func (c *Cluster) IsNode(ip string) bool {
	return slices.ContainsFunc(c.Workloads, func(w *Workload) bool {
		status := w.Pod.Status
		return status.HostIP == ip || slices.ContainsFunc(status.HostIPs, func(host corev1.HostIP) bool { return host.IP == ip })
	})
}

func (s *Service) places(port int) []Place {
	var places []Place
	for _, own := range s.Ports {
		if int(own.Port) != port || own.Protocol != corev1.ProtocolTCP {
			continue
		}
		for _, endpoint := range own.Endpoints {
			places = append(places, Place{Workload: endpoint.Workload, IP: endpoint.IP, Port: endpoint.Port})
		}
	}
	return places
}

// Resolve gives the addresses of a name in the cluster's DNS, and false for a
// name that the cluster's DNS doesn't hold. DNS compares names without case,
// and a dot at their end says that they are whole.
func (c *Cluster) Resolve(host string) ([]string, bool) {
	for range len(c.Services) + 1 {
		service := c.services[strings.ToLower(strings.TrimSuffix(host, "."))]
		if service == nil {
			addresses := c.podsNamed(host)
			return addresses, addresses != nil
		}
		if !service.IsExternalName() {
			return service.addresses(), true
		}
		host = service.Spec.ExternalName
	}
	return nil, false
}

func (s *Service) addresses() []string {
	if !s.Headless() {
		return []string{s.Spec.ClusterIP}
	}
	var addresses []string
	for _, pod := range s.pods() {
		addresses = append(addresses, pod.Status.PodIP)
	}
	for _, slice := range s.Listed {
		addresses = append(addresses, readyIn(slice)...)
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// Selected gives the addresses of the pods and WorkloadEntries with some
// labels, whether or not istiod watches their namespace.
func (c *Cluster) Selected(namespace string, selector map[string]string, withPods bool) []string {
	var addresses []string
	wanted := labels.SelectorFromSet(selector)
	for _, workload := range c.Workloads {
		if withPods && workload.Namespace == namespace && wanted.Matches(labels.Set(workload.Pod.Labels)) {
			for _, pod := range workload.Pods() {
				addresses = append(addresses, pod.Status.PodIP)
			}
		}
	}
	for _, config := range slices.Concat(c.Configs, c.Unwatched) {
		entry, isEntry := config.Spec.(*networking.WorkloadEntry)
		if isEntry && config.Namespace == namespace && wanted.Matches(labels.Set(entry.Labels)) {
			addresses = append(addresses, entry.Address)
		}
	}
	return addresses
}

// IsUnwatched says whether an address is that of a WorkloadEntry which istiod
// doesn't read.
func (c *Cluster) IsUnwatched(ip string) bool {
	return slices.ContainsFunc(c.Unwatched, func(config config.Config) bool {
		entry, isEntry := config.Spec.(*networking.WorkloadEntry)
		return isEntry && entry.Address == ip
	})
}
