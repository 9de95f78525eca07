package cluster

import (
	"fmt"
	"slices"

	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"istio.io/istio/pkg/ptr"
)

// listing is an address that a slice lists for a port, by the port's name.
type listing struct{ address, port string }

// shown are the service's slices as istiod keeps them: of one address and port
// that several list, it keeps one, in the order of a Go map. So that it takes
// the first or the last, the others aren't shown to it. Rivals says that they
// differ. Of a pod in a namespace that istiod doesn't watch it makes nothing:
// such a listing is shown beside the others.
func (s *Service) shown(last bool, isWatched func(namespace string) bool) (kept []*discoveryv1.EndpointSlice, rivals bool) {
	all := s.slices()
	if last {
		slices.Reverse(all)
	}
	known, repeats := map[listing]*discoveryv1.EndpointSlice{}, false
	for _, one := range all {
		for index, single := range singles(one) {
			key := listing{single.Endpoints[0].Addresses[0], ptr.OrEmpty(single.Ports[0].Name)}
			if isOfWatched(single, isWatched) {
				if other := known[key]; other != nil {
					repeats, rivals = true, rivals || !alike(single, other)
					continue
				}
				known[key] = single
			}
			single.Name = fmt.Sprintf("%s-%d", one.Name, index)
			kept = append(kept, single)
		}
		if len(one.Ports) == 0 {
			kept = append(kept, one)
		}
	}
	s.singles = kept
	if !repeats {
		return all, false
	}
	return kept, rivals
}

// singles are a slice's addresses and ports, each in a slice of its own.
func singles(slice *discoveryv1.EndpointSlice) []*discoveryv1.EndpointSlice {
	var made []*discoveryv1.EndpointSlice
	for _, endpoint := range slice.Endpoints {
		for _, address := range endpoint.Addresses {
			for _, port := range slice.Ports {
				single := slice.DeepCopy()
				single.Endpoints = []discoveryv1.Endpoint{*endpoint.DeepCopy()}
				single.Endpoints[0].Addresses = []string{address}
				single.Ports = []discoveryv1.EndpointPort{port}
				made = append(made, single)
			}
		}
	}
	return made
}

// alike says that istiod makes the same of two slices of one address and port.
func alike(one, other *discoveryv1.EndpointSlice) bool {
	conditions := func(s *discoveryv1.EndpointSlice) bool { return ptr.OrDefault(s.Endpoints[0].Conditions.Ready, true) }
	isPod := func(s *discoveryv1.EndpointSlice) bool { return s.Endpoints[0].TargetRef != nil }
	return conditions(one) == conditions(other) && isPod(one) == isPod(other) && equality.Semantic.DeepEqual(one.Ports[0].Port, other.Ports[0].Port)
}

// count notes how many ready addresses istiod is shown for each port. A pod of a
// namespace that it doesn't watch is none to it.
func (s *Service) count(isWatched func(namespace string) bool) {
	for p := range s.Ports {
		for _, slice := range s.singles {
			isOwn := len(slice.Ports) > 0 && ptr.OrEmpty(slice.Ports[0].Name) == s.Ports[p].Name && slice.Ports[0].Port != nil
			if !isOwn {
				continue
			}
			if isOfWatched(slice, isWatched) {
				s.Ports[p].Shown += len(readyIn(slice))
			}
		}
	}
}

// isOfWatched says that the one endpoint of a slice isn't a pod of a namespace
// that istiod doesn't watch.
func isOfWatched(single *discoveryv1.EndpointSlice, isWatched func(namespace string) bool) bool {
	pod := single.Endpoints[0].TargetRef
	return pod == nil || isWatched(pod.Namespace)
}
