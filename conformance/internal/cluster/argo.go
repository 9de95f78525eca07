package cluster

import (
	"encoding/json"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// rolloutPods is what Argo's Rollout says of its pods.
type rolloutPods struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Replicas *int32                 `json:"replicas"`
		Template corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// rollout is what Argo's Rollout says of VirtualServices.
type rollout struct {
	Metadata struct {
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		Strategy struct {
			Canary struct {
				TrafficRouting struct {
					Istio struct {
						VirtualService struct {
							Name   string   `json:"name"`
							Routes []string `json:"routes"`
						} `json:"virtualService"`
					} `json:"istio"`
				} `json:"trafficRouting"`
			} `json:"canary"`
		} `json:"strategy"`
	} `json:"spec"`
}

// shiftWeights gives every destination a share where Argo shifts requests
// between them, as it does while a Rollout runs.
func (m *manifests) shiftWeights() error {
	for _, object := range m.rollouts {
		var r rollout
		if err := json.Unmarshal(object, &r); err != nil {
			return err
		}
		routed := r.Spec.Strategy.Canary.TrafficRouting.Istio.VirtualService
		name, namespace, named := strings.Cut(routed.Name, ".")
		if !named {
			namespace = namespaceOf(r.Metadata.Namespace)
		}
		for _, config := range m.configs {
			virtualService, is := config.Spec.(*networking.VirtualService)
			if is && config.Name == name && config.Namespace == namespace {
				shift(virtualService, routed.Routes)
			}
		}
	}
	return nil
}

func shift(virtualService *networking.VirtualService, names []string) {
	for _, rule := range virtualService.Http {
		if len(names) > 0 && !slices.Contains(names, rule.Name) {
			continue
		}
		for _, destination := range rule.Route {
			destination.Weight = max(destination.Weight, 1)
		}
	}
	if len(names) > 0 {
		return
	}
	for _, rule := range virtualService.Tcp {
		share(rule.Route)
	}
	for _, rule := range virtualService.Tls {
		share(rule.Route)
	}
}

func share(destinations []*networking.RouteDestination) {
	for _, destination := range destinations {
		destination.Weight = max(destination.Weight, 1)
	}
}
