package cluster

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/tools/leaderelection/resourcelock"

	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pkg/ptr"
)

// Endpoint is what is behind a service's port: a pod's, or an address that an
// EndpointSlice of the manifests lists.
type Endpoint struct {
	Workload *Workload
	IP       string
	Port     int
	// Listed says that it stands in an EndpointSlice of the manifests.
	Listed bool
}

// Port is a service's port with its endpoints.
type Port struct {
	*corev1.ServicePort
	Endpoints []Endpoint
	// Shown are how many of them istiod is shown: of an address that several
	// EndpointSlices list for the port, one.
	Shown int
}

// Service is one Service of the manifests, with the pods that it selects.
type Service struct {
	*corev1.Service
	// domain is the cluster's DNS suffix.
	domain string
	// given says that the manifest names its address.
	given bool
	// Pods are the workloads that it selects; they may lack ports of the service.
	Pods  []*Workload
	Ports []Port
	// Listed are the EndpointSlices of the manifests.
	Listed []*discoveryv1.EndpointSlice
	// singles are those that istiod keeps, each with one address and port.
	singles []*discoveryv1.EndpointSlice
}

// Host is the service's name in the cluster's DNS.
func (s *Service) Host() string {
	return s.Name + "." + s.Namespace + ".svc." + s.domain
}

// Headless services have no address of their own.
func (s *Service) Headless() bool { return s.Spec.ClusterIP == corev1.ClusterIPNone }

// IsExternalName says that the service is an alias in DNS.
func (s *Service) IsExternalName() bool { return s.Spec.Type == corev1.ServiceTypeExternalName }

// start fills in what the API server would, and finds the endpoints.
func (c *Cluster) start(service *corev1.Service, index int, listed []*discoveryv1.EndpointSlice) *Service {
	service.Namespace = namespaceOf(service.Namespace)
	given := service.Spec.ClusterIP != "" || len(service.Spec.ClusterIPs) > 0
	if service.CreationTimestamp.IsZero() {
		service.CreationTimestamp = created
	}
	if service.Spec.Type == "" {
		service.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if service.Spec.Type != corev1.ServiceTypeExternalName && service.Spec.ClusterIP == "" {
		service.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", index/250, index%250+1)
		if len(service.Spec.ClusterIPs) > 0 {
			service.Spec.ClusterIP = service.Spec.ClusterIPs[0]
		}
	}
	if service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
	for p := range service.Spec.Ports {
		port := &service.Spec.Ports[p]
		if port.Protocol == "" {
			port.Protocol = corev1.ProtocolTCP
		}
		if port.TargetPort == (intstr.IntOrString{}) || port.TargetPort.StrVal == "" && port.TargetPort.IntVal == 0 {
			port.TargetPort = intstr.FromInt32(port.Port)
		}
	}
	started := &Service{Service: service, domain: c.Domain, given: given}
	started.findEndpoints(c.Workloads)
	started.list(listed, c.pods)
	return started
}

// sliceController writes the EndpointSlices of Services with a selector, and
// takes back what anybody else writes into its own.
const sliceController = "endpointslice-controller.k8s.io"

// list adds the endpoints of the service's slices: all that bear its name,
// beside those of its selector's pods.
func (s *Service) list(listed []*discoveryv1.EndpointSlice, pods map[string]*Workload) {
	for _, slice := range listed {
		own := namespaceOf(slice.Namespace) == s.Namespace && slice.Labels[discoveryv1.LabelServiceName] == s.Name
		rewritten := len(s.Spec.Selector) > 0 && slice.Labels[discoveryv1.LabelManagedBy] == sliceController
		if own && !rewritten {
			slice.Namespace = s.Namespace
			s.Listed = append(s.Listed, slice)
		}
	}
	for p := range s.Ports {
		for _, slice := range s.Listed {
			for _, port := range slice.Ports {
				if ptr.OrEmpty(port.Name) == s.Ports[p].Name && port.Port != nil {
					s.Ports[p].add(slice, int(*port.Port), pods)
				}
			}
		}
	}
}

func (p *Port) add(slice *discoveryv1.EndpointSlice, number int, pods map[string]*Workload) {
	for _, address := range readyIn(slice) {
		p.Endpoints = append(p.Endpoints, Endpoint{Workload: pods[address], IP: address, Port: number, Listed: true})
	}
}

// readyIn are the addresses of a slice that take calls.
func readyIn(slice *discoveryv1.EndpointSlice) []string {
	var addresses []string
	for _, endpoint := range slice.Endpoints {
		if slice.AddressType != discoveryv1.AddressTypeFQDN && ptr.OrDefault(endpoint.Conditions.Ready, true) {
			addresses = append(addresses, endpoint.Addresses...)
		}
	}
	return addresses
}

// mirrored are the EndpointSlices that Kubernetes makes of Endpoints: for
// Services without a selector, unless a label forbids it.
//
//nolint:staticcheck // Kubernetes still mirrors them.
func mirrored(services []*corev1.Service, all []*corev1.Endpoints) []*discoveryv1.EndpointSlice {
	var made []*discoveryv1.EndpointSlice
	for _, endpoints := range all {
		_, elects := endpoints.Annotations[resourcelock.LeaderElectionRecordAnnotationKey]
		wanted := slices.ContainsFunc(services, func(s *corev1.Service) bool {
			same := namespaceOf(s.Namespace) == namespaceOf(endpoints.Namespace) && s.Name == endpoints.Name
			return same && len(s.Spec.Selector) == 0
		})
		if !wanted || elects || endpoints.Labels[discoveryv1.LabelSkipMirror] == "true" {
			continue
		}
		for index, subset := range endpoints.Subsets {
			made = append(made, mirror(endpoints, index, subset))
		}
	}
	return made
}

//nolint:staticcheck // Kubernetes still mirrors them.
func mirror(endpoints *corev1.Endpoints, index int, subset corev1.EndpointSubset) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name:              fmt.Sprintf("%s-mirrored-%d", endpoints.Name, index),
			Namespace:         namespaceOf(endpoints.Namespace),
			CreationTimestamp: created,
			Labels: map[string]string{
				discoveryv1.LabelServiceName: endpoints.Name,
				discoveryv1.LabelManagedBy:   "endpointslicemirroring-controller.k8s.io",
			},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for _, port := range subset.Ports {
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{
			Name: &port.Name, Port: &port.Port, Protocol: &port.Protocol, AppProtocol: port.AppProtocol,
		})
	}
	add := func(addresses []corev1.EndpointAddress, ready bool) {
		for _, address := range addresses {
			slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
				Addresses: []string{address.IP}, Conditions: discoveryv1.EndpointConditions{Ready: &ready}, TargetRef: address.TargetRef,
			})
		}
	}
	add(subset.Addresses, true)
	add(subset.NotReadyAddresses, false)
	return slice
}

func (s *Service) findEndpoints(workloads []*Workload) {
	if len(s.Spec.Selector) > 0 && !s.IsExternalName() {
		selector := labels.SelectorFromSet(s.Spec.Selector)
		for _, workload := range workloads {
			if workload.Namespace == s.Namespace && selector.Matches(labels.Set(workload.Pod.Labels)) {
				s.Pods = append(s.Pods, workload)
			}
		}
	}
	for p := range s.Spec.Ports {
		port := Port{ServicePort: &s.Spec.Ports[p]}
		for _, workload := range s.Pods {
			if target, err := controller.FindPort(workload.Pod, port.ServicePort); err == nil {
				for _, pod := range workload.Pods() {
					port.Endpoints = append(port.Endpoints, Endpoint{Workload: workload, IP: pod.Status.PodIP, Port: target})
				}
			}
		}
		s.Ports = append(s.Ports, port)
	}
}

// slices makes one EndpointSlice for each pod, since named ports may lead to
// other numbers on each; as Kubernetes does, also for a pod without any.
func (s *Service) slices() []*discoveryv1.EndpointSlice {
	made := slices.Clone(s.Listed)
	for _, pod := range s.pods() {
		var ports []discoveryv1.EndpointPort
		for _, port := range s.Ports {
			for _, endpoint := range port.Endpoints {
				if endpoint.IP == pod.Status.PodIP && !endpoint.Listed {
					number := int32(endpoint.Port)
					ports = append(ports, discoveryv1.EndpointPort{
						Name: &port.Name, Port: &number, Protocol: &port.Protocol, AppProtocol: port.AppProtocol,
					})
				}
			}
		}
		made = append(made, s.slice(pod, ports))
	}
	return made
}

// pods are all of the workloads that the service selects.
func (s *Service) pods() []*corev1.Pod {
	var all []*corev1.Pod
	for _, workload := range s.Pods {
		all = append(all, workload.Pods()...)
	}
	return all
}

func (s *Service) slice(pod *corev1.Pod, ports []discoveryv1.EndpointPort) *discoveryv1.EndpointSlice {
	ready := true
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name:              s.Name + "-" + pod.Name,
			Namespace:         s.Namespace,
			Labels:            map[string]string{discoveryv1.LabelServiceName: s.Name},
			CreationTimestamp: created,
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{
			Addresses:  []string{pod.Status.PodIP},
			Conditions: discoveryv1.EndpointConditions{Ready: &ready, Serving: &ready},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace, UID: pod.UID},
		}},
		Ports: ports,
	}
}
