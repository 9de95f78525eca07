package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
)

// Endpoint is a pod's port behind a service's port.
type Endpoint struct {
	Workload *Workload
	Port     int
}

// Service is one Service of the manifests, with its endpoints by service port.
type Service struct {
	*corev1.Service
	Endpoints map[int][]Endpoint
}

// Host is the service's name in the cluster's DNS.
func (s *Service) Host() string {
	return s.Name + "." + s.Namespace + ".svc." + Domain
}

// Headless services have no address of their own.
func (s *Service) Headless() bool { return s.Spec.ClusterIP == corev1.ClusterIPNone }

// IsExternalName says that the service is an alias in DNS.
func (s *Service) IsExternalName() bool { return s.Spec.Type == corev1.ServiceTypeExternalName }

// start fills in what the API server would, and finds the endpoints.
func start(service *corev1.Service, index int, workloads []*Workload) *Service {
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
	started := &Service{Service: service, Endpoints: map[int][]Endpoint{}}
	started.findEndpoints(workloads)
	return started
}

func (s *Service) findEndpoints(workloads []*Workload) {
	if len(s.Spec.Selector) == 0 || s.IsExternalName() {
		return
	}
	selector := labels.SelectorFromSet(s.Spec.Selector)
	for _, workload := range workloads {
		if workload.Namespace != s.Namespace || !selector.Matches(labels.Set(workload.Pod.Labels)) {
			continue
		}
		for p := range s.Spec.Ports {
			port := &s.Spec.Ports[p]
			target, err := controller.FindPort(workload.Pod, port)
			if err != nil || port.Protocol != corev1.ProtocolTCP {
				continue
			}
			s.Endpoints[int(port.Port)] = append(s.Endpoints[int(port.Port)], Endpoint{Workload: workload, Port: target})
		}
	}
}

// slices makes one EndpointSlice for each workload, since named ports may
// lead to other numbers on each.
func (s *Service) slices() []*discoveryv1.EndpointSlice {
	byWorkload := map[*Workload][]discoveryv1.EndpointPort{}
	for _, port := range s.Spec.Ports {
		for _, endpoint := range s.Endpoints[int(port.Port)] {
			name, number, protocol := port.Name, int32(endpoint.Port), port.Protocol
			byWorkload[endpoint.Workload] = append(byWorkload[endpoint.Workload], discoveryv1.EndpointPort{
				Name: &name, Port: &number, Protocol: &protocol, AppProtocol: port.AppProtocol,
			})
		}
	}
	workloads := slices.SortedFunc(maps.Keys(byWorkload), func(a, b *Workload) int { return strings.Compare(a.Pod.Name, b.Pod.Name) })
	made := make([]*discoveryv1.EndpointSlice, 0, len(workloads))
	for _, workload := range workloads {
		made = append(made, s.slice(workload, byWorkload[workload]))
	}
	return made
}

func (s *Service) slice(workload *Workload, ports []discoveryv1.EndpointPort) *discoveryv1.EndpointSlice {
	ready := true
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name:              s.Name + "-" + workload.Pod.Name,
			Namespace:         s.Namespace,
			Labels:            map[string]string{discoveryv1.LabelServiceName: s.Name},
			CreationTimestamp: created,
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{
			Addresses:  []string{workload.IP()},
			Conditions: discoveryv1.EndpointConditions{Ready: &ready, Serving: &ready},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: workload.Pod.Name, Namespace: workload.Namespace, UID: workload.Pod.UID},
		}},
		Ports: ports,
	}
}
