BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0012');
CREATE TABLE codec (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	file VARCHAR NOT NULL, 
	trusted BOOLEAN DEFAULT 0 NOT NULL, 
	facts JSON NOT NULL, 
	report JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_codec PRIMARY KEY (id), 
	CONSTRAINT ck_codec_kind CHECK (kind IN ('torchscript', 'tuned')), 
	CONSTRAINT uq_codec_digest UNIQUE (digest), 
	CONSTRAINT uq_codec_name UNIQUE (name)
);
INSERT INTO "codec" VALUES(1,'rave','torchscript','d0','rave-d0.ts',1,'{}','{}','2024-01-01');
CREATE TABLE collection (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_collection PRIMARY KEY (id), 
	CONSTRAINT uq_collection_folded UNIQUE (folded)
);
INSERT INTO "collection" VALUES(1,'Kit','kit','2024-01-01');
CREATE TABLE collection_sample (
	collection_id INTEGER NOT NULL, 
	sample_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_collection_sample PRIMARY KEY (collection_id, sample_id), 
	CONSTRAINT fk_collection_sample_collection_id_collection FOREIGN KEY(collection_id) REFERENCES collection (id) ON DELETE CASCADE, 
	CONSTRAINT fk_collection_sample_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "collection_sample" VALUES(1,1,1);
CREATE TABLE descriptor (
	sample_id INTEGER NOT NULL, 
	brightness DOUBLE, 
	loudness DOUBLE, 
	noisiness DOUBLE, 
	attack DOUBLE, 
	decay DOUBLE, 
	pitch DOUBLE, 
	low_end DOUBLE, 
	width DOUBLE, roughness DOUBLE, version INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_descriptor PRIMARY KEY (sample_id), 
	CONSTRAINT fk_descriptor_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "descriptor" VALUES(1,200.0,-6.0,0.5,2.0,0.1,NULL,0.5,0.0,0.25,1);
CREATE TABLE hearing (
	sample_id INTEGER NOT NULL, 
	ear VARCHAR NOT NULL, 
	whole BLOB NOT NULL, 
	windows BLOB NOT NULL, 
	CONSTRAINT pk_hearing PRIMARY KEY (sample_id), 
	CONSTRAINT fk_hearing_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "hearing" VALUES(1,'e',X'0102',X'0304');
CREATE TABLE journal_entry (
	id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	about VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	undone BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_journal_entry PRIMARY KEY (id)
);
INSERT INTO "journal_entry" VALUES(1,'2024-01-01','rated a 4',1,0);
CREATE TABLE journal_row (
	id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	sample_id INTEGER, 
	other_id INTEGER, 
	"before" VARCHAR, 
	"after" VARCHAR, 
	CONSTRAINT pk_journal_row PRIMARY KEY (id), 
	CONSTRAINT fk_journal_row_entry_id_journal_entry FOREIGN KEY(entry_id) REFERENCES journal_entry (id) ON DELETE CASCADE, 
	CONSTRAINT fk_journal_row_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE, 
	CONSTRAINT fk_journal_row_other_id_sample FOREIGN KEY(other_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "journal_row" VALUES(1,1,'rating',1,NULL,'{"rating":null}','{"rating":4}');
CREATE TABLE latents (
	sample_id INTEGER NOT NULL, 
	codec VARCHAR NOT NULL, 
	steps INTEGER NOT NULL, 
	dims INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_latents PRIMARY KEY (sample_id, codec), 
	CONSTRAINT fk_latents_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "latents" VALUES(1,'d0',2,1,X'01020304');
CREATE TABLE map_point (
	sample_id INTEGER NOT NULL, 
	space_id INTEGER NOT NULL, 
	x DOUBLE NOT NULL, 
	y DOUBLE NOT NULL, 
	CONSTRAINT pk_map_point PRIMARY KEY (sample_id, space_id), 
	CONSTRAINT fk_map_point_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE, 
	CONSTRAINT fk_map_point_space_id_space FOREIGN KEY(space_id) REFERENCES space (id) ON DELETE CASCADE
);
INSERT INTO "map_point" VALUES(1,1,0.25,0.75);
CREATE TABLE root (
	id INTEGER NOT NULL, 
	path BLOB NOT NULL, 
	excludes JSON NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_root PRIMARY KEY (id), 
	CONSTRAINT uq_root_path UNIQUE (path)
);
INSERT INTO "root" VALUES(1,X'2F72','["*loop*"]','2024-01-01 00:00:00.000000');
CREATE TABLE sample (
	id INTEGER NOT NULL, 
	root_id INTEGER NOT NULL, 
	path BLOB NOT NULL, 
	name VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	search_text VARCHAR NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	content_hash VARCHAR, 
	state VARCHAR DEFAULT 'listed' NOT NULL, 
	reason VARCHAR DEFAULT '' NOT NULL, 
	note VARCHAR DEFAULT '' NOT NULL, 
	missing BOOLEAN DEFAULT 0 NOT NULL, 
	duration DOUBLE, 
	sample_rate INTEGER, 
	channels INTEGER, 
	format VARCHAR, 
	category VARCHAR, 
	rating INTEGER, 
	added_at DATETIME NOT NULL, category_source VARCHAR CONSTRAINT ck_sample_category_source CHECK (category_source IN ('user', 'name', 'folder', 'sound')), category_probability DOUBLE, audio_hash VARCHAR, used_at DATETIME, 
	CONSTRAINT pk_sample PRIMARY KEY (id), 
	CONSTRAINT ck_sample_state CHECK (state IN ('listed', 'analysed', 'failed')), 
	CONSTRAINT ck_sample_rating CHECK (rating BETWEEN 1 AND 5), 
	CONSTRAINT fk_sample_root_id_root FOREIGN KEY(root_id) REFERENCES root (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sample_path UNIQUE (path)
);
INSERT INTO "sample" VALUES(1,1,X'2F722F4B69636B732F61FF2E776176','a\xff.wav','r/Kicks','r/kicks
a\xff.wav',9,7,'c','analysed','','odd',0,1.5,44100,2,'WAV','kick',4,'2024-01-01 00:00:00.000000','user',NULL,'a','2024-01-01 00:00:00.000000');
INSERT INTO "sample" VALUES(2,1,X'2F722F676F6E652E776176','gone.wav','r','r
gone.wav',3,8,NULL,'failed','it is no sound','',1,NULL,NULL,NULL,NULL,NULL,NULL,'2024-01-02 00:00:00.000000',NULL,NULL,NULL,NULL);
CREATE TABLE sample_pair (
	sample_id INTEGER NOT NULL, 
	other_id INTEGER NOT NULL, 
	alike BOOLEAN NOT NULL, 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_sample_pair PRIMARY KEY (sample_id, other_id), 
	CONSTRAINT ck_sample_pair_order CHECK (sample_id < other_id), 
	CONSTRAINT fk_sample_pair_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE, 
	CONSTRAINT fk_sample_pair_other_id_sample FOREIGN KEY(other_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "sample_pair" VALUES(1,2,1,'2024-01-01');
CREATE TABLE sample_tag (
	sample_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	CONSTRAINT pk_sample_tag PRIMARY KEY (sample_id, tag_id), 
	CONSTRAINT fk_sample_tag_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE, 
	CONSTRAINT fk_sample_tag_tag_id_tag FOREIGN KEY(tag_id) REFERENCES tag (id) ON DELETE CASCADE
);
INSERT INTO "sample_tag" VALUES(1,1);
INSERT INTO "sample_tag" VALUES(2,1);
CREATE TABLE saved_search (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	"query" VARCHAR NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_search PRIMARY KEY (id), 
	CONSTRAINT uq_saved_search_folded UNIQUE (folded)
);
INSERT INTO "saved_search" VALUES(1,'Dark','dark','tag:dark','2024-01-01');
CREATE TABLE setting (
	"key" VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY ("key")
);
INSERT INTO "setting" VALUES('space in use','"mine"');
CREATE TABLE space (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	codec VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	file VARCHAR, 
	attributes JSON NOT NULL, 
	report JSON NOT NULL, 
	revision BIGINT DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_space PRIMARY KEY (id), 
	CONSTRAINT uq_space_name UNIQUE (name)
);
INSERT INTO "space" VALUES(1,'mine','d0','s0','2024-01-01','mine-s0.safetensors','["brightness"]','{}',7);
CREATE TABLE tag (
	id INTEGER NOT NULL, 
	word VARCHAR NOT NULL, 
	CONSTRAINT pk_tag PRIMARY KEY (id), 
	CONSTRAINT uq_tag_word UNIQUE (word)
);
INSERT INTO "tag" VALUES(1,'dark');
CREATE TABLE take (
	id INTEGER NOT NULL, 
	path BLOB NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	audio VARCHAR NOT NULL, 
	recipe JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_take PRIMARY KEY (id)
);
INSERT INTO "take" VALUES(1,X'2F74616B65732F612E776176','t','u','{}','2024-01-01');
CREATE TABLE take_parent (
	take_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	path BLOB NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	sample_id INTEGER, 
	CONSTRAINT pk_take_parent PRIMARY KEY (take_id, place), 
	CONSTRAINT fk_take_parent_take_id_take FOREIGN KEY(take_id) REFERENCES take (id) ON DELETE CASCADE, 
	CONSTRAINT fk_take_parent_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE SET NULL
);
INSERT INTO "take_parent" VALUES(1,0,X'2F722F4B69636B732F61FF2E776176','c',1);
CREATE TABLE vector (
	sample_id INTEGER NOT NULL, 
	space_id INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_vector PRIMARY KEY (sample_id, space_id), 
	CONSTRAINT fk_vector_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE, 
	CONSTRAINT fk_vector_space_id_space FOREIGN KEY(space_id) REFERENCES space (id) ON DELETE CASCADE
);
INSERT INTO "vector" VALUES(1,1,X'05060708');
CREATE TABLE vector_change (
	id INTEGER NOT NULL, 
	space_id INTEGER NOT NULL, 
	sample_id INTEGER NOT NULL, 
	revision BIGINT NOT NULL, 
	CONSTRAINT pk_vector_change PRIMARY KEY (id), 
	CONSTRAINT fk_vector_change_space_id_space FOREIGN KEY(space_id) REFERENCES space (id) ON DELETE CASCADE
);
INSERT INTO "vector_change" VALUES(1,1,1,3845300790392743);
CREATE TABLE word_example (
	word VARCHAR NOT NULL, 
	sample_id INTEGER NOT NULL, 
	fits BOOLEAN NOT NULL, 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_word_example PRIMARY KEY (word, sample_id), 
	CONSTRAINT fk_word_example_sample_id_sample FOREIGN KEY(sample_id) REFERENCES sample (id) ON DELETE CASCADE
);
INSERT INTO "word_example" VALUES('crisp',1,1,'2024-01-01');
CREATE INDEX ix_sample_content_hash ON sample (content_hash);
CREATE INDEX ix_sample_search_text ON sample (search_text);
CREATE INDEX ix_sample_root_id ON sample (root_id);
CREATE INDEX ix_sample_size ON sample (size);
CREATE INDEX ix_sample_tag_tag_id ON sample_tag (tag_id);
CREATE INDEX ix_map_point_space_id ON map_point (space_id);
CREATE INDEX ix_vector_change_space_id ON vector_change (space_id);
CREATE INDEX ix_vector_space_id_sample_id ON vector (space_id, sample_id);
CREATE TRIGGER vector_inserted AFTER INSERT ON vector BEGIN UPDATE space SET revision = random() >> 11 WHERE id IN (NEW.space_id); INSERT INTO vector_change (space_id, sample_id, revision) SELECT id, NEW.sample_id, revision FROM space WHERE id = NEW.space_id; DELETE FROM vector_change WHERE id <= (SELECT max(id) FROM vector_change) - 65536; END;
CREATE TRIGGER vector_updated AFTER UPDATE ON vector BEGIN UPDATE space SET revision = random() >> 11 WHERE id IN (OLD.space_id, NEW.space_id); INSERT INTO vector_change (space_id, sample_id, revision) SELECT id, OLD.sample_id, revision FROM space WHERE id = OLD.space_id; INSERT INTO vector_change (space_id, sample_id, revision) SELECT id, NEW.sample_id, revision FROM space WHERE id = NEW.space_id; DELETE FROM vector_change WHERE id <= (SELECT max(id) FROM vector_change) - 65536; END;
CREATE TRIGGER vector_deleted AFTER DELETE ON vector BEGIN UPDATE space SET revision = random() >> 11 WHERE id IN (OLD.space_id); INSERT INTO vector_change (space_id, sample_id, revision) SELECT id, OLD.sample_id, revision FROM space WHERE id = OLD.space_id; DELETE FROM vector_change WHERE id <= (SELECT max(id) FROM vector_change) - 65536; END;
CREATE INDEX ix_sample_pair_other_id ON sample_pair (other_id);
CREATE INDEX ix_word_example_sample_id ON word_example (sample_id);
CREATE INDEX ix_take_content_hash ON take (content_hash);
CREATE INDEX ix_take_audio ON take (audio);
CREATE INDEX ix_take_parent_content_hash ON take_parent (content_hash);
CREATE INDEX ix_take_parent_sample_id ON take_parent (sample_id);
CREATE INDEX ix_sample_missing ON sample (missing) WHERE missing IS 1;
CREATE INDEX ix_sample_state_duration ON sample (state, duration);
CREATE INDEX ix_sample_audio_hash ON sample (audio_hash);
CREATE INDEX ix_sample_used_at ON sample (used_at) WHERE used_at IS NOT NULL;
CREATE INDEX ix_collection_sample_sample_id ON collection_sample (sample_id);
CREATE INDEX ix_journal_row_entry_id ON journal_row (entry_id);
CREATE INDEX ix_journal_row_sample_id ON journal_row (sample_id);
CREATE INDEX ix_journal_row_other_id ON journal_row (other_id) WHERE other_id IS NOT NULL;
COMMIT;
