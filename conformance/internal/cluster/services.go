package cluster

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pkg/ptr"
)

// Endpoint is what is behind a service's port: a pod's, or an address that an
// EndpointSlice of the manifests lists.
type Endpoint struct {
	Workload *Workload
	IP       string
	Port     int
}

// Port is a service's port with its endpoints.
type Port struct {
	*corev1.ServicePort
	Endpoints []Endpoint
}

// Service is one Service of the manifests, with the pods that it selects.
type Service struct {
	*corev1.Service
	// domain is the cluster's DNS suffix.
	domain string
	// Pods are the workloads that it selects; they may lack ports of the service.
	Pods  []*Workload
	Ports []Port
	// Listed are the EndpointSlices of the manifests, for a service without
	// selector.
	Listed []*discoveryv1.EndpointSlice
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
func start(service *corev1.Service, index int, domain string, workloads []*Workload, listed []*discoveryv1.EndpointSlice) *Service {
	service.Namespace = namespaceOf(service.Namespace)
	if service.CreationTimestamp.IsZero() {
		service.CreationTimestamp = created
	}
	if service.Spec.Type == "" {
		service.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if service.Spec.Type != corev1.ServiceTypeExternalName && service.Spec.ClusterIP == "" {
		service.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", index/250, index%250+1)
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
	started := &Service{Service: service, domain: domain}
	started.findEndpoints(workloads)
	if len(service.Spec.Selector) == 0 {
		started.list(listed)
	}
	return started
}

// list adds the endpoints of the service's slices.
func (s *Service) list(listed []*discoveryv1.EndpointSlice) {
	for _, slice := range listed {
		if slice.Namespace == s.Namespace && slice.Labels[discoveryv1.LabelServiceName] == s.Name {
			s.Listed = append(s.Listed, slice)
		}
	}
	for p := range s.Ports {
		for _, slice := range s.Listed {
			for _, port := range slice.Ports {
				if ptr.OrEmpty(port.Name) == s.Ports[p].Name && port.Port != nil {
					s.Ports[p].add(slice, int(*port.Port))
				}
			}
		}
	}
}

func (p *Port) add(slice *discoveryv1.EndpointSlice, number int) {
	for _, endpoint := range slice.Endpoints {
		for _, address := range endpoint.Addresses {
			p.Endpoints = append(p.Endpoints, Endpoint{IP: address, Port: number})
		}
	}
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
				if endpoint.IP == pod.Status.PodIP {
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
