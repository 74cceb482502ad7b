-- Table definitions of ZainZhao/HIS (Apache-2.0); the rows are made up.
CREATE TABLE `bms_bills_record` (
  `id` bigint(20) NOT NULL ,
  `type` int(3) DEFAULT NULL,
  `bill_no` varchar(64) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  `invoice_num` int(2) DEFAULT NULL,
  `registration_id` bigint(20) DEFAULT NULL,
  `record_list` varchar(300) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `bms_invoice_record` (
  `id` bigint(20) NOT NULL ,
  `create_time` datetime DEFAULT NULL,
  `invoice_no` bigint(20) DEFAULT NULL,
  `bill_id` bigint(20) DEFAULT NULL,
  `amount` decimal(12,2) DEFAULT NULL,
  `freeze_status` int(1) DEFAULT NULL,
  `associate_id` bigint(20) DEFAULT NULL,
  `operator_id` bigint(20) DEFAULT NULL,
  `settlement_cat_id` bigint(20) DEFAULT NULL,
  `settle_record_id` bigint(20) DEFAULT NULL,
  `item_list` varchar(300) DEFAULT NULL,
  `type` int(1) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_case_history` (
  `id` bigint(20) NOT NULL ,
  `chief_complaint` varchar(1000) DEFAULT NULL,
  `history_of_present_illness` varchar(1000) DEFAULT NULL,
  `history_of_treatment` varchar(1000) DEFAULT NULL,
  `past_history` varchar(1000) DEFAULT NULL,
  `allergies` varchar(1000) DEFAULT NULL,
  `health_checkup` varchar(1000) DEFAULT NULL,
  `registration_id` bigint(20) DEFAULT NULL,
  `priliminary_dise_str_list` varchar(300) DEFAULT NULL,
  `start_date` datetime DEFAULT NULL,
  `name` varchar(64) DEFAULT NULL,
  `gender` int(1) DEFAULT NULL,
  `age_str` varchar(64) DEFAULT NULL,
  `check_str_list` varchar(300) DEFAULT NULL,
  `disposition_str_list` varchar(300) DEFAULT NULL,
  `herbal_prescription_str_list` varchar(300) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `definite_dise_str_list` varchar(300) DEFAULT NULL,
  `patient_id` bigint(20) DEFAULT NULL,
  `test_str_list` varchar(300) DEFAULT NULL,
  `medicine_prescription_str_list` varchar(300) DEFAULT NULL,
  `status` int(11) DEFAULT NULL,
  `priliminary_dise_id_list` varchar(300) DEFAULT NULL,
  `check_result` varchar(300) DEFAULT NULL,
  `test_result` varchar(300) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_dise` (
  `id` bigint(20) NOT NULL ,
  `cat_id` bigint(20) DEFAULT NULL,
  `code` varchar(64) DEFAULT NULL,
  `name` varchar(300) DEFAULT NULL,
  `ICD` varchar(64) DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_drug` (
  `id` bigint(20) NOT NULL ,
  `code` varchar(64) DEFAULT NULL,
  `name` varchar(64) DEFAULT NULL,
  `format` varchar(64) DEFAULT NULL,
  `price` decimal(12,2) DEFAULT NULL,
  `unit` varchar(64) DEFAULT NULL,
  `manufacturer` varchar(64) DEFAULT NULL,
  `dosage_id` bigint(20) DEFAULT NULL,
  `type_id` bigint(20) DEFAULT NULL,
  `mnemonic_code` varchar(64) DEFAULT NULL,
  `create_date` datetime DEFAULT NULL,
  `stock` bigint(20) DEFAULT NULL,
  `generic_name` varchar(64) DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_herbal_item_record` (
  `id` bigint(20) NOT NULL ,
  `status` int(1) DEFAULT NULL,
  `prescription_id` bigint(20) DEFAULT NULL,
  `medical_advice` varchar(300) DEFAULT NULL,
  `footnote` varchar(300) DEFAULT NULL,
  `drug_id` bigint(20) DEFAULT NULL,
  `usage_num` bigint(20) DEFAULT NULL,
  `usage_num_unit` int(2) DEFAULT NULL,
  `total_num` bigint(20) DEFAULT NULL,
  `current_num` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_herbal_prescription_record` (
  `id` bigint(20) NOT NULL ,
  `status` int(1) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `amount` decimal(12,2) DEFAULT NULL,
  `name` varchar(64) DEFAULT NULL,
  `therapy` varchar(64) DEFAULT NULL,
  `therapy_details` varchar(300) DEFAULT NULL,
  `medical_advice` varchar(300) DEFAULT NULL,
  `pair_num` bigint(20) DEFAULT NULL,
  `registration_id` bigint(20) DEFAULT NULL,
  `frequency` int(2) DEFAULT NULL,
  `usage_means` int(2) DEFAULT NULL,
  `type` int(1) DEFAULT NULL,
  `create_staff_id` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_medicine_item_record` (
  `id` bigint(20) NOT NULL ,
  `drug_id` bigint(20) DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  `prescription_id` bigint(20) DEFAULT NULL,
  `medicine_usage` int(1) DEFAULT NULL,
  `frequency` int(2) DEFAULT NULL,
  `days` bigint(20) DEFAULT NULL,
  `num` bigint(20) DEFAULT NULL,
  `medical_advice` varchar(300) DEFAULT NULL,
  `refund_num` bigint(20) DEFAULT NULL,
  `usage_num` bigint(20) DEFAULT NULL,
  `usage_means` int(2) DEFAULT NULL,
  `usage_num_unit` int(2) DEFAULT NULL,
  `current_num` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_medicine_prescription_record` (
  `id` bigint(20) NOT NULL ,
  `status` int(1) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `amount` decimal(12,2) DEFAULT NULL,
  `name` varchar(64) DEFAULT NULL,
  `registration_id` bigint(20) DEFAULT NULL,
  `refund_status` bigint(20) DEFAULT NULL,
  `type` int(1) DEFAULT NULL,
  `create_staff_id` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_non_drug` (
  `id` bigint(20) NOT NULL ,
  `code` varchar(64) DEFAULT NULL,
  `name` varchar(64) DEFAULT NULL,
  `format` varchar(64) DEFAULT NULL,
  `price` decimal(12,2) DEFAULT NULL,
  `exp_class_id` bigint(20) DEFAULT NULL,
  `mnemonic_code` varchar(64) DEFAULT NULL,
  `record_type` int(1) DEFAULT NULL,
  `create_date` datetime DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  `dept_id` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_non_drug_item_record` (
  `id` bigint(20) NOT NULL ,
  `registration_id` bigint(20) DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  `aim` varchar(300) DEFAULT NULL,
  `demand` varchar(300) DEFAULT NULL,
  `log_status` int(1) DEFAULT NULL,
  `check_result` varchar(300) DEFAULT NULL,
  `result_img_url_list` varchar(300) DEFAULT NULL,
  `clinical_impression` varchar(300) DEFAULT NULL,
  `clinical_diagnosis` varchar(300) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `excute_staff_id` bigint(20) DEFAULT NULL,
  `log_datetime` datetime DEFAULT NULL,
  `no_drug_id` bigint(20) DEFAULT NULL,
  `check_parts` varchar(64) DEFAULT NULL,
  `type` int(1) DEFAULT NULL,
  `excute_dept_id` bigint(20) DEFAULT NULL,
  `create_staff_id` bigint(20) DEFAULT NULL,
  `log_staff_id` bigint(20) DEFAULT NULL,
  `excute_time` datetime DEFAULT NULL,
  `amount` decimal(12,2) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `dms_registration` (
  `id` bigint(20) NOT NULL ,
  `patient_id` bigint(20) DEFAULT NULL,
  `create_time` datetime DEFAULT NULL,
  `end_attendance` int(1) DEFAULT NULL,
  `status` int(1) DEFAULT NULL,
  `skd_id` bigint(20) DEFAULT NULL,
  `need_book` int(1) DEFAULT NULL,
  `bind_status` int(1) DEFAULT NULL,
  `dept_id` bigint(20) DEFAULT NULL,
  `attendance_date` datetime DEFAULT NULL,
  `patient_age_str` varchar(64) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
CREATE TABLE `pms_patient` (
  `id` bigint(20) NOT NULL ,
  `name` varchar(64) DEFAULT NULL,
  `date_of_birth` datetime DEFAULT NULL,
  `identification_no` varchar(64) DEFAULT NULL,
  `home_address` varchar(64) DEFAULT NULL,
  `phone_no` varchar(64) DEFAULT NULL,
  `gender` int(1) DEFAULT NULL,
  `medical_record_no` varchar(64) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb3;
INSERT INTO pms_patient (id, name, date_of_birth, identification_no, gender) VALUES
  (1, '甲', '1990-06-29', '990100190001010001', 1), (2, '乙', '1994-02-28', '990100190001010002', 0);
INSERT INTO dms_registration (id, patient_id, create_time, status, dept_id) VALUES
  (11, 1, '2024-03-05 08:00:00', 1, 2), (12, 2, '2024-03-06 09:00:00', 1, 3), (13, 2, '2024-03-07 09:00:00', 1, 3);
INSERT INTO bms_bills_record (id, type, bill_no, create_time, status, registration_id) VALUES
  (21, 0, 'B21', '2024-03-05 09:00:00', 1, 11), (22, 0, 'B22', '2024-03-06 10:00:00', 1, 12);
INSERT INTO bms_invoice_record (id, create_time, invoice_no, bill_id, amount, type) VALUES
  (31, '2024-03-05 09:01:00', 901, 21, 150.00, 1), (32, '2024-03-05 09:05:00', 902, 21, 37.50, 1),
  (33, '2024-03-06 10:01:00', 903, 22, 90.00, 1), (34, '2024-03-06 16:00:00', 904, 22, -10.00, 2);
INSERT INTO dms_drug (id, code, name, price) VALUES (9, 'YP009', '阿莫西林胶囊', 12.50), (10, 'CY010', '黄芪', 0.80);
INSERT INTO dms_medicine_prescription_record (id, create_time, amount, registration_id, create_staff_id) VALUES (41, '2024-03-05 08:30:00', 37.50, 11, 10);
INSERT INTO dms_medicine_item_record (id, drug_id, prescription_id, num) VALUES (51, 9, 41, 3);
INSERT INTO dms_herbal_prescription_record (id, create_time, amount, registration_id, create_staff_id) VALUES (42, '2024-03-06 09:30:00', 80.00, 12, 10);
INSERT INTO dms_herbal_item_record (id, drug_id, prescription_id, total_num) VALUES (52, 10, 42, 100);
INSERT INTO dms_non_drug (id, code, name, price) VALUES (2, '120200002', '中抢救', 150.00);
INSERT INTO dms_non_drug_item_record (id, registration_id, create_time, no_drug_id, create_staff_id, amount) VALUES (61, 11, '2024-03-05 08:40:00', 2, 10, 150.00);
INSERT INTO dms_dise (id, code, name, ICD) VALUES (71, 'X', '急性上呼吸道感染', 'J06.900');
INSERT INTO dms_case_history (id, registration_id, priliminary_dise_id_list) VALUES (81, 11, '71,72'), (82, 12, NULL);
