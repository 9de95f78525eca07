package kubectl

import (
	"bytes"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
)

// objectsOf gives the objects of one document, which is JSON by now: those of
// a List one by one.
func objectsOf(document []byte) ([]string, error) {
	return sent(builder().Stream(bytes.NewReader(document), "document"))
}

// builder is one as kubectl apply has it, but for what asks a server.
func builder() *resource.Builder {
	return resource.NewLocalBuilder().Unstructured().ContinueOnError()
}

// sent gives what kubectl apply would send of what a builder reads.
func sent(builder *resource.Builder) ([]string, error) {
	objects := []string{}
	err := builder.Flatten().Do().Visit(func(info *resource.Info, err error) error {
		if err != nil {
			return err
		}
		object, err := encoded(info.Object.(*unstructured.Unstructured).Object)
		if err == nil {
			objects = append(objects, object)
		}
		return err
	})
	return objects, err
}
