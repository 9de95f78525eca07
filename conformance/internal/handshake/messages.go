package handshake

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Message is a handshake message, with what can be told of it.
type Message struct {
	Type string `json:"type"`
	// Length is that of the message's body; none where it is another each time.
	Length int `json:"length,omitempty"`
	// Versions, ServerName, Protocols, Suites and Groups are what a ClientHello offers;
	// a ServerHello chooses one version, suite and group, and its side one protocol.
	Versions   []string `json:"versions,omitempty"`
	ServerName string   `json:"serverName,omitempty"`
	// Resumes says that a ClientHello shows a ticket of an earlier connection, and
	// of the ServerHello of TLS 1.3 that the server takes it.
	Resumes   bool     `json:"resumes,omitempty"`
	Protocols []string `json:"protocols,omitempty"`
	Suites    []string `json:"suites,omitempty"`
	// Groups are those of the key shares.
	Groups []string `json:"groups,omitempty"`
	// Authorities are those whose certificates a CertificateRequest asks for.
	Authorities []string `json:"authorities,omitempty"`
	// Names are the subject alternative names of the first certificate.
	Names []string `json:"names,omitempty"`
}

const (
	messageClientHello        = 1
	messageServerHello        = 2
	messageCertificate        = 11
	messageCertificateRequest = 13
	messageEncryptedExtension = 8
	messageFinished           = 20

	extensionServerName  = 0
	extensionALPN        = 16
	extensionTicket      = 35
	extensionPreShared   = 41
	extensionVersions    = 43
	extensionAuthorities = 47
	extensionKeyShare    = 51

	randomSize   = 32
	versionTLS13 = tls.VersionTLS13
)

var messageTypes = map[uint8]string{
	messageClientHello: "ClientHello", messageServerHello: "ServerHello", 4: "NewSessionTicket", messageEncryptedExtension: "EncryptedExtensions",
	messageCertificate: "Certificate", 12: "ServerKeyExchange", messageCertificateRequest: "CertificateRequest", 14: "ServerHelloDone",
	15: "CertificateVerify", 16: "ClientKeyExchange", messageFinished: "Finished",
}

// unsteady are messages with a signature in them, or a certificate, which has
// one, or a ticket, which holds the certificate: their length is another each time.
var unsteady = []string{"Certificate", "CertificateVerify", "ServerKeyExchange", "NewSessionTicket"}

func hasSteadyLength(messages []Message) bool {
	return !slices.ContainsFunc(messages, func(one Message) bool {
		return slices.Contains(unsteady, one.Type) || one.Resumes && one.Type == "ClientHello"
	})
}

var errMalformed = errors.New("a handshake message that can't be read")

// message reads one; modern says that TLS 1.3 encrypted it.
func (r *reader) message(kind uint8, body cryptobyte.String, modern bool) (*Message, error) {
	name := messageTypes[kind]
	if name == "" {
		return nil, fmt.Errorf("a handshake message of type %d", kind)
	}
	message := &Message{Type: name, Length: len(body)}
	var err error
	switch kind {
	case messageClientHello:
		err = message.readClientHello(body)
	case messageServerHello:
		var hello *serverHello
		if hello, err = parseServerHello(body); err == nil {
			hello.tell(message)
		}
	case messageEncryptedExtension:
		var extensions map[uint16]cryptobyte.String
		if extensions, err = readExtensions(&body); err == nil {
			message.Protocols = protocols(extensions[extensionALPN])
		}
	case messageCertificateRequest:
		message.Authorities, err = authorities(body, modern)
	case messageCertificate:
		message.Names, err = names(body, modern)
	}
	if !hasSteadyLength([]Message{*message}) {
		message.Length = 0
	}
	return message, err
}

func version(number uint16) string { return tls.VersionName(number) }

// Offered lists the protocols (ALPN) that a connection's first record, a
// ClientHello, names.
func Offered(sent []byte) []string {
	client := side{unread: sent}
	record := client.cut()
	if record == nil || len(record) < headerSize+4 {
		return nil
	}
	hello := &Message{}
	if hello.readClientHello(record[headerSize+4:]) != nil {
		return nil
	}
	return hello.Protocols
}

func (m *Message) readClientHello(body cryptobyte.String) error {
	var session, suites, methods, versions, shares, servers, server cryptobyte.String
	var legacy uint16
	if !body.ReadUint16(&legacy) || !body.Skip(randomSize) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16LengthPrefixed(&suites) || !body.ReadUint8LengthPrefixed(&methods) {
		return errMalformed
	}
	extensions, err := readExtensions(&body)
	if err != nil {
		return err
	}
	for _, suite := range numbers(suites) {
		m.Suites = append(m.Suites, tls.CipherSuiteName(suite))
	}
	m.Versions = []string{version(legacy)}
	if offered := extensions[extensionVersions]; offered.ReadUint8LengthPrefixed(&versions) {
		m.Versions = nil
		for _, number := range numbers(versions) {
			m.Versions = append(m.Versions, version(number))
		}
	}
	if named := extensions[extensionServerName]; named.ReadUint16LengthPrefixed(&servers) && servers.Skip(1) && servers.ReadUint16LengthPrefixed(&server) {
		m.ServerName = string(server)
	}
	m.Protocols = protocols(extensions[extensionALPN])
	m.Resumes = len(extensions[extensionTicket]) > 0 || len(extensions[extensionPreShared]) > 0
	if shared := extensions[extensionKeyShare]; shared.ReadUint16LengthPrefixed(&shares) {
		var group uint16
		var share cryptobyte.String
		for shares.ReadUint16(&group) && shares.ReadUint16LengthPrefixed(&share) {
			m.Groups = append(m.Groups, tls.CurveID(group).String())
		}
	}
	return nil
}

type serverHello struct {
	version, suite, group uint16
	protocols             []string
	resumes               bool
}

func parseServerHello(body cryptobyte.String) (*serverHello, error) {
	hello := &serverHello{}
	var session cryptobyte.String
	if !body.ReadUint16(&hello.version) || !body.Skip(randomSize) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16(&hello.suite) || !body.Skip(1) {
		return nil, errMalformed
	}
	extensions, err := readExtensions(&body)
	if err != nil {
		return nil, err
	}
	if chosen := extensions[extensionVersions]; len(chosen) > 0 && !chosen.ReadUint16(&hello.version) {
		return nil, errMalformed
	}
	if share := extensions[extensionKeyShare]; len(share) > 0 && !share.ReadUint16(&hello.group) {
		return nil, errMalformed
	}
	hello.protocols = protocols(extensions[extensionALPN])
	hello.resumes = len(extensions[extensionPreShared]) > 0
	return hello, nil
}

func (h *serverHello) tell(message *Message) {
	message.Versions, message.Suites, message.Protocols = []string{version(h.version)}, []string{tls.CipherSuiteName(h.suite)}, h.protocols
	message.Resumes = h.resumes
	if h.group != 0 {
		message.Groups = []string{tls.CurveID(h.group).String()}
	}
}

func readExtensions(body *cryptobyte.String) (map[uint16]cryptobyte.String, error) {
	found := map[uint16]cryptobyte.String{}
	if body.Empty() {
		return found, nil
	}
	var all, content cryptobyte.String
	var number uint16
	if !body.ReadUint16LengthPrefixed(&all) {
		return nil, errMalformed
	}
	for !all.Empty() {
		if !all.ReadUint16(&number) || !all.ReadUint16LengthPrefixed(&content) {
			return nil, errMalformed
		}
		found[number] = content
	}
	return found, nil
}

func numbers(list cryptobyte.String) (found []uint16) {
	var number uint16
	for list.ReadUint16(&number) {
		found = append(found, number)
	}
	return found
}

func protocols(content cryptobyte.String) (found []string) {
	var all, name cryptobyte.String
	if !content.ReadUint16LengthPrefixed(&all) {
		return nil
	}
	for all.ReadUint8LengthPrefixed(&name) {
		found = append(found, string(name))
	}
	return found
}

// authorities gives the names that a CertificateRequest lists.
func authorities(body cryptobyte.String, modern bool) ([]string, error) {
	var context, kinds, signatures, all, name cryptobyte.String
	if modern {
		if !body.ReadUint8LengthPrefixed(&context) {
			return nil, errMalformed
		}
		extensions, err := readExtensions(&body)
		if err != nil {
			return nil, err
		}
		body = extensions[extensionAuthorities]
	} else if !body.ReadUint8LengthPrefixed(&kinds) || !body.ReadUint16LengthPrefixed(&signatures) {
		return nil, errMalformed
	}
	var found []string
	body.ReadUint16LengthPrefixed(&all)
	for all.ReadUint16LengthPrefixed(&name) {
		var sequence pkix.RDNSequence
		if _, err := asn1.Unmarshal(name, &sequence); err != nil {
			return nil, err
		}
		found = append(found, sequence.String())
	}
	return found, nil
}

// names gives the subject alternative names of the first certificate of a list.
func names(body cryptobyte.String, modern bool) ([]string, error) {
	var context, all, first cryptobyte.String
	if modern && !body.ReadUint8LengthPrefixed(&context) || !body.ReadUint24LengthPrefixed(&all) {
		return nil, errMalformed
	}
	if !all.ReadUint24LengthPrefixed(&first) {
		return nil, nil
	}
	certificate, err := x509.ParseCertificate(first)
	if err != nil {
		return nil, err
	}
	found := slices.Clone(certificate.DNSNames)
	for _, uri := range certificate.URIs {
		found = append(found, uri.String())
	}
	return found, nil
}
