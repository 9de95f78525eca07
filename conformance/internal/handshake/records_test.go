package handshake

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// tapped keeps what passes a connection.
type tapped struct {
	net.Conn
	answer bool
	tap    *tap
}

type tap struct {
	mutex  sync.Mutex
	pieces []Piece
}

func (t tapped) Write(sent []byte) (int, error) {
	t.tap.mutex.Lock()
	t.tap.pieces = append(t.tap.pieces, Piece{t.answer, append([]byte{}, sent...)})
	t.tap.mutex.Unlock()
	return t.Conn.Write(sent)
}

func certificate(t *testing.T, name string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), URIs: []*url.URL{{Scheme: "spiffe", Host: name}}}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
}

// talk makes a connection with Go's own TLS, and gives what passed.
func talk(t *testing.T, highest uint16) ([]Piece, KeyLog) {
	log, kept := &strings.Builder{}, &tap{}
	near, far := net.Pipe()
	client := tls.Client(tapped{near, false, kept}, &tls.Config{
		ServerName: "server.test", InsecureSkipVerify: true, NextProtos: []string{"istio"}, KeyLogWriter: log, Certificates: []tls.Certificate{certificate(t, "client")},
	})
	server := tls.Server(tapped{far, true, kept}, &tls.Config{
		MaxVersion: highest, ClientAuth: tls.RequireAnyClientCert, NextProtos: []string{"istio"}, Certificates: []tls.Certificate{certificate(t, "server")},
	})
	go func() {
		read := make([]byte, 4)
		server.Read(read)
		server.Write(read)
	}()
	if _, err := client.Write([]byte("call")); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	kept.mutex.Lock()
	defer kept.mutex.Unlock()
	return kept.pieces, KeyLog(log.String())
}

// messagesOf lists the messages of one side, with the names in certificates.
func messagesOf(records []Record, from string) (found []string) {
	for _, record := range records {
		for _, message := range record.Messages {
			if record.From == from {
				found = append(found, strings.Join(append([]string{message.Type}, message.Names...), " "))
			}
		}
	}
	return found
}

func TestRead(t *testing.T) {
	for version, expected := range map[uint16][2][]string{
		tls.VersionTLS13: {
			{"ClientHello", "Certificate spiffe://client", "CertificateVerify", "Finished"},
			{"ServerHello", "EncryptedExtensions", "CertificateRequest", "Certificate spiffe://server", "CertificateVerify", "Finished"},
		},
		tls.VersionTLS12: {
			{"ClientHello", "Certificate spiffe://client", "ClientKeyExchange", "CertificateVerify"},
			{"ServerHello", "Certificate spiffe://server", "ServerKeyExchange", "CertificateRequest", "ServerHelloDone"},
		},
	} {
		pieces, log := talk(t, version)
		records, err := Read(pieces, log)
		if err != nil {
			t.Fatal(err)
		}
		if found := [2][]string{messagesOf(records, "client"), messagesOf(records, "server")}; !reflect.DeepEqual(found, expected) {
			t.Errorf("%s: %v, expected %v", tls.VersionName(version), found, expected)
		}
		if offered := Offered(pieces[0].Bytes); !reflect.DeepEqual(offered, []string{"istio"}) {
			t.Errorf("%s: offered %v", tls.VersionName(version), offered)
		}
	}
}

func TestReadWithoutKeys(t *testing.T) {
	pieces, _ := talk(t, tls.VersionTLS13)
	if _, err := Read(pieces, ""); err == nil || !strings.Contains(err.Error(), "CLIENT_HANDSHAKE_TRAFFIC_SECRET") && !strings.Contains(err.Error(), "SERVER_HANDSHAKE_TRAFFIC_SECRET") {
		t.Errorf("expected an error that names the secret; got %v", err)
	}
}
